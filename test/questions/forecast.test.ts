import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forecast } from '../../src/questions/forecast.ts';
import { aHistory } from './a-history.ts';
import {
  assertFinite,
  DAY_MS,
  HOUR_MS,
  iso,
  MINUTE_MS,
  NOW_MS,
  noisy,
  record,
  runtimes,
  samples,
  tidied,
} from './histories.ts';

const METRIC = 'collector.runtimeSeconds';

test('a metric that rises goes on rising, and the answer says when it reaches a value', t => {
  const store = aHistory(t);
  const noise = noisy(1, 200, 1, 0.01);
  record(store, 'collector', runtimes(noise.map((value, index) => value * (10 + index / 20))), {
    everyMs: HOUR_MS,
  });
  const answer = forecast(store, { metric: METRIC, aheadMs: 4 * DAY_MS, reaches: 22 }, NOW_MS);
  assertFinite(answer);
  assert.equal(answer.metric, METRIC);
  assert.equal(answer.from.points, 200);
  assert.equal(answer.from.bucketSeconds, 3600);
  assert.equal(answer.steps.length, 96);
  assert.ok((answer.steps.at(-1)?.value ?? 0) > 23);
  const hours = (time: string | null | undefined): number => (Date.parse(time ?? '') - NOW_MS) / HOUR_MS;
  assert.ok(Math.abs(hours(answer.reaches?.expected) - 40) < 15, String(answer.reaches?.expected));
  assert.ok(hours(answer.reaches?.earliest) < hours(answer.reaches?.expected));
  assert.equal(answer.reaches?.already, false);
});

test('a free disk is forecast from its samples, and after an hour from its roll-ups as well', t => {
  const store = aHistory(t);
  const free = Array.from({ length: 48 * 6 }, (_, index) => 10_000 - 10 * index);
  store.addSamples(samples({ metric: 'diskFreeMb' }, free, { everyMs: 10 * MINUTE_MS }));
  const question = { metric: 'system.diskFreeMb', aheadMs: 10 * DAY_MS, reaches: 0 };
  const before = forecast(store, question, NOW_MS);
  tidied(store);
  const after = forecast(store, question, NOW_MS);
  assert.ok(after.from.points < 60 && before.from.points === free.length);
  for (const { reaches } of [before, after]) {
    const days = (Date.parse(reaches?.expected ?? '') - NOW_MS) / DAY_MS;
    assert.ok(Math.abs(days - 7130 / 1440) < 0.4, `${days} days`);
  }
});

test('when an amount is used up is told with its latest moment, and nothing is shown below 0', t => {
  const store = aHistory(t);
  const free = noisy(1, 200, 1, 0.0005).map((noise, hour) => 8 * (230 - hour) * noise);
  store.addSamples(samples({ metric: 'diskFreeMb' }, free, { everyMs: HOUR_MS }));
  const question = { metric: 'system.diskFreeMb', aheadMs: 4 * DAY_MS, reaches: 0 };
  const { reaches, steps } = forecast(store, question, NOW_MS);
  const hours = [reaches?.earliest, reaches?.expected, reaches?.latest].map(
    time => (Date.parse(time ?? '') - NOW_MS) / HOUR_MS,
  );
  assert.ok(
    hours.every(hour => hour > 20 && hour < 96),
    hours.join(),
  );
  assert.deepEqual(
    hours,
    hours.toSorted((a, b) => a - b),
  );
  assert.ok(steps.every(({ value, low, high }) => value >= 0 && (low ?? 0) >= 0 && (high ?? 0) >= 0));
});

test('what a clock that was ahead or went back has recorded does no harm', t => {
  const store = aHistory(t);
  record(store, 'collector', runtimes([50]), { endMs: NOW_MS + 365 * DAY_MS });
  record(store, 'collector', runtimes(noisy(1, 60, 1)));
  record(store, 'collector', runtimes(noisy(2, 30, 1)), { endMs: NOW_MS - 5 * MINUTE_MS });
  const answer = forecast(store, { metric: METRIC, aheadMs: HOUR_MS }, NOW_MS);
  assertFinite(answer);
  assert.deepEqual([answer.from.points, answer.from.until], [90, iso(NOW_MS - 10 * MINUTE_MS)]);
  assert.ok(answer.steps.every(({ value }) => value > 0.8 && value < 1.2));
  assert.ok(answer.steps.every(({ time }) => Date.parse(time) > NOW_MS - 10 * MINUTE_MS));
});

test('of one value, of equal values and of zeros the forecast is that value, and says so', t => {
  const store = aHistory(t);
  record(store, 'one', runtimes([3]));
  record(store, 'equal', runtimes(new Array(30).fill(3)));
  record(store, 'zero', runtimes(new Array(30).fill(0)));
  for (const [module, value, low] of [
    ['one', 3, null],
    ['equal', 3, 3],
    ['zero', 0, 0],
  ] as const) {
    const answer = forecast(store, { metric: `${module}.runtimeSeconds`, reaches: value }, NOW_MS);
    assertFinite(answer);
    assert.ok(
      answer.steps.every(step => step.value === value && step.low === low),
      module,
    );
    assert.equal(answer.beatsNaive, null);
    assert.equal(answer.words.length, 1);
    assert.equal(answer.reaches?.already, true, 'it is there');
  }
});

test('runtimes are never below 0, a profit may be', t => {
  const store = aHistory(t);
  const falling = Array.from({ length: 60 }, (_, index) => 6 - index / 10);
  record(
    store,
    'a',
    falling.map(value => ({ runtimeSeconds: value, custom: { profit: value } })),
  );
  const last = (metric: string): number =>
    forecast(store, { metric, aheadMs: DAY_MS }, NOW_MS).steps.at(-1)?.value ?? Number.NaN;
  assert.ok(last('a.runtimeSeconds') >= 0);
  assert.ok(last('a.profit') < -1);
});

test('another model, another level; what makes no sense is refused', t => {
  const store = aHistory(t);
  record(store, 'collector', runtimes(noisy(1, 100, 1)));
  const wide = forecast(store, { metric: METRIC, level: 0.99, model: 'naive' }, NOW_MS);
  const narrow = forecast(store, { metric: METRIC, level: 0.5, model: 'naive' }, NOW_MS);
  assert.deepEqual([wide.model, wide.level], ['naive', 0.99]);
  const width = ({ steps: [step] }: typeof wide): number => (step?.high ?? 0) - (step?.low ?? 0);
  assert.ok(width(wide) > width(narrow));
  for (const wrong of [
    { aheadMs: 0 },
    { aheadMs: -1 },
    { aheadMs: Number.NaN },
    { aheadMs: 1e20 },
    { level: 1 },
    { level: Number.NaN },
    { reaches: Number.POSITIVE_INFINITY },
    { model: 'oracle' },
    { metric: 'collector' },
    { metric: 'collector.nothing' },
  ])
    assert.throws(
      () => forecast(store, { metric: METRIC, ...wrong }, NOW_MS),
      { code: 'usage' },
      JSON.stringify(wrong),
    );
});

test('a metric whose every value lies in the future has none yet', t => {
  const store = aHistory(t);
  record(store, 'collector', runtimes([1]), { endMs: NOW_MS + DAY_MS });
  assert.throws(() => forecast(store, { metric: METRIC }, NOW_MS), /has no values yet/);
});
