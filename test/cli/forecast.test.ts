import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ForecastAnswer } from '../../src/questions/forecast.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { HOUR_MS, noisy, record, runtimes, samples } from '../questions/histories.ts';
import { answered, documentOf, refused, workspaceToAsk } from './asked.ts';

failOnLeaks();

const DISK = Array.from({ length: 200 }, (_, index) => 3_000 - 10 * index);

test('a metric is forecast as a table, with when it reaches a value', async t => {
  const { store, ask } = workspaceToAsk(t);
  store.addSamples(samples({ metric: 'diskFreeMb' }, DISK, { everyMs: HOUR_MS, endMs: Date.now() }));
  const forecast = (...argv: string[]) => answered(ask('forecast', 'system.diskFreeMb', ...argv));
  const full = await forecast('--ahead', '7d', '--reaches', '0');
  assert.match(
    full,
    /^system\.diskFreeMb, from 200 value\(s\) since \d{4}-\d\d-\d\d \d\d:\d\d; model: \S+\n\ntime +forecast +95 % lie in\n/,
  );
  assert.equal(full.match(/ MB to /g)?.length, 12, 'some of the steps');
  assert.match(
    full,
    /\nreaches 0\.0 MB: expected \d{4}-\S+ \S+, at the earliest \d{4}-\S+ \S+, at the latest /,
  );
  assert.match(
    await forecast('--reaches', '0', '--level', '0.995'),
    /99\.5 % lie in\n(?:.*\n)*does not reach 0\.0 MB before \d{4}-/,
  );
  assert.match(await forecast('--reaches', '1010'), /\nit is at 1010 MB already\n/);
  assert.doesNotMatch(await forecast(), /reach/);
});

test('--json has every step, with its time and its interval', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'collector', runtimes(noisy(1, 100, 1)), { everyMs: HOUR_MS, endMs: Date.now() });
  const options = ['--json', '--ahead', '12h', '--model', 'naive', '--reaches', '60'];
  const answer = documentOf<ForecastAnswer>(await ask('forecast', 'collector.runtimeSeconds', ...options));
  assert.deepEqual([answer.metric, answer.model, answer.level], ['collector.runtimeSeconds', 'naive', 0.95]);
  assert.deepEqual([answer.steps.length, answer.from.bucketSeconds, answer.from.points], [12, 3600, 100]);
  assert.deepEqual(answer.reaches, {
    value: 60,
    already: false,
    expected: null,
    earliest: null,
    latest: null,
  });
  for (const { time, value, low, high } of answer.steps) {
    assert.equal(new Date(time).toISOString(), time);
    assert.ok(low !== null && high !== null && low < value && value < high);
  }
  assert.ok(answer.models.every(model => !('values' in model)) && answer.words.length > 0);
});

test('of too few values there is no interval, and that is said', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'collector', runtimes([1, 2]), { everyMs: HOUR_MS, endMs: Date.now() });
  const output = await answered(
    ask('forecast', 'collector.runtimeSeconds', '--ahead', '1h', '--reaches', '2'),
  );
  assert.match(
    output,
    / -\n\nit is at 2\.00 s already\n\nToo few values .*without an interval\.\n|do not rely on the forecast/,
  );
});

test('of a young history a shorter time ahead is advised, whose steps are told to the second', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'collector', runtimes(noisy(1, 60, 1)), { everyMs: 1000, endMs: Date.now() });
  const day = await answered(ask('forecast', 'collector.runtimeSeconds'));
  assert.match(
    day,
    /\nThe 60 values lie in [12] step\(s\) of 15m: a shorter time ahead has shorter steps\.\n$/,
  );
  const minute = await answered(ask('forecast', 'collector.runtimeSeconds', '--ahead', '1m'));
  assert.match(minute, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /m);
  assert.doesNotMatch(minute, /shorter/);
});

test('what is not known, or makes no sense, is refused', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'collector', [{}], { endMs: Date.now() });
  const forecast = (metric: string, ...argv: string[]) => ask('forecast', metric, ...argv);
  await refused(forecast('collector'), /'collector' is no metric: write MODULE\.METRIC such as/);
  await refused(forecast('\u001b[31m.x'), /'\\x1b\[31m\.x' is no metric/);
  await refused(
    forecast('collector.rowz'),
    /nothing is recorded of collector\.rowz: collector has .*runtimeSeconds/,
  );
  await refused(
    forecast('system.cpuPercent'),
    /nothing is recorded of system\.cpuPercent: there are metrics of collector/,
  );
  await refused(forecast('collector.runtimeSeconds', '--ahead', '0'), /more than 0 and at most 3650d/);
  await refused(forecast('collector.runtimeSeconds', '--ahead', '999999999999d'), /at most 3650d/);
  await refused(forecast('collector.runtimeSeconds', '--ahead', 'soon'), /--ahead takes a duration/);
  await refused(forecast('collector.runtimeSeconds', '--level', '95'), /a level lies between 0 and 1/);
  await refused(forecast('collector.runtimeSeconds', '--reaches', 'full'), /--reaches takes a number/);
  await refused(
    forecast('collector.runtimeSeconds', '--model', 'oracle'),
    /there is no model 'oracle': the models are .*naive/,
  );
});
