import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrendsAnswer } from '../../src/questions/trends.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { HOUR_MS, MINUTE_MS, record, runtimes, samples } from '../questions/histories.ts';
import { answered, documentOf, refused, workspaceToAsk } from './asked.ts';

failOnLeaks();

test('a table has the course, the slope and the ends of each metric', async t => {
  const { store, ask } = workspaceToAsk(t);
  const growing = Array.from({ length: 60 }, (_, hour) => ({
    memoryMb: 60 + hour,
    runtimeSeconds: 1,
    custom: {},
  }));
  record(store, 'collector', growing, { everyMs: HOUR_MS, endMs: Date.now() });
  const output = await answered(ask('trends', 'collector', '--window', '5d', '--bucket', '6h'));
  assert.match(
    output,
    /^\d{4}-\d\d-\d\dT\d\d:\d\dZ to \d{4}-\d\d-\d\dT\d\d:\d\dZ\n\nmetric +trend +a day \(95 %\) +change +first +last +values +medians\n/,
  );
  assert.match(
    output,
    /\ncollector\.memoryMb +rising +\+2[345](?:\.\d)? MB \(\+2\d(?:\.\d)? MB to \+2\d(?:\.\d)? MB\) +\+\d\d\.\d % +6\d\.\d MB +11\d MB +60 +▁.*█\n/,
  );
  assert.match(
    output,
    /\ncollector\.runtimeSeconds +flat +\+0\.00 ms \(\+0\.00 ms to \+0\.00 ms\) +\+0\.0 % +1\.00 s +1\.00 s +60 +▄+\n/,
  );
});

test('the machine, one of its metrics, one of its cores', async t => {
  const { store, ask } = workspaceToAsk(t);
  const part = { everyMs: 10 * MINUTE_MS, endMs: Date.now() };
  store.addSamples([
    ...samples({}, new Array(30).fill(20), part),
    ...samples({ labels: { core: '0' } }, new Array(30).fill(90), part),
    ...samples({ metric: 'diskFreeMb' }, new Array(30).fill(9), part),
  ]);
  const metrics = async (of: string) =>
    documentOf<TrendsAnswer>(await ask('trends', of, '--json', '--window', '1d')).trends.map(each => [
      ...[each.metric, each.count, each.direction],
      each.buckets.findLast(({ p50 }) => p50 !== null)?.p50,
    ]);
  assert.deepEqual(await metrics('system'), [
    ['system.cpuPercent', 30, 'flat', 20],
    ['system.diskFreeMb', 30, 'flat', 9],
  ]);
  assert.deepEqual(await metrics('system.cpuPercent{core=0}'), [
    ['system.cpuPercent{core=0}', 30, 'flat', 90],
  ]);
});

test('a slope is told by the minute, the hour or the day, whichever the window has many of', async t => {
  const { store, ask } = workspaceToAsk(t);
  const rising = Array.from({ length: 60 }, (_, index) => 1 + index);
  const slope = async (module: string, everyMs: number, window: string) => {
    record(store, module, runtimes(rising), { everyMs, endMs: Date.now() });
    const output = await answered(ask('trends', module, '--window', window));
    const [, unit] = /^metric +trend +(.+) \(95 %\)/m.exec(output) ?? [];
    return [unit, /runtimeSeconds +rising +(\+[\d.]+ \w+)/.exec(output)?.[1]];
  };
  assert.deepEqual(await slope('minutely', MINUTE_MS, '1h'), ['a minute', '+1.00 s']);
  assert.deepEqual(await slope('often', 20 * MINUTE_MS, '1d'), ['an hour', '+3.00 s']);
  assert.deepEqual(await slope('hourly', HOUR_MS, '7d'), ['a day', '+24.0 s']);
});

test('--json has the window, and every bucket of it, also those without a value', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'collector', runtimes([1, 2]), { endMs: Date.now() });
  const answer = documentOf<TrendsAnswer>(
    await ask('trends', 'collector.runtimeSeconds', '--json', '--window', '1d'),
  );
  assert.equal(Date.parse(answer.to) - Date.parse(answer.from), 24 * HOUR_MS);
  assert.equal(answer.bucketSeconds, 3600);
  const [trend] = answer.trends;
  assert.equal(trend?.buckets.length, 25);
  assert.deepEqual(trend?.buckets[0], {
    startMs: Math.floor(Date.parse(answer.from) / HOUR_MS) * HOUR_MS,
    count: 0,
    mean: null,
    p50: null,
    p95: null,
  });
  assert.deepEqual(
    [trend?.direction, trend?.slopePerDay, trend?.interval, trend?.p],
    ['too-few', null, null, null],
  );
  assert.match(
    await answered(ask('trends', 'collector.runtimeSeconds')),
    /\ncollector\.runtimeSeconds +too few +- +- /,
  );
});

test('what is not known, or makes no sense, is refused', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'collector', [{}], { endMs: Date.now() });
  await refused(
    ask('trends', 'colector'),
    /no run of 'colector' is recorded: modules with runs are collector/,
  );
  await refused(ask('trends', 'collector.rowz'), /collector has /);
  await refused(ask('trends', 'collector', '--window', '0'), /window and bucket are more than 0/);
  await refused(ask('trends', 'collector', '--bucket', '0'), /window and bucket are more than 0/);
  await refused(
    ask('trends', 'collector', '--bucket', '1s'),
    /the window holds \d+ buckets, more than 10000: give wider ones$/m,
  );
  await refused(ask('trends', 'collector', '--window', 'week'), /--window takes a duration/);
  await refused(
    ask('trends', 'collector', '--window', '999999999999d', '--bucket', '99999999999d'),
    /at most 36500d/,
  );
});
