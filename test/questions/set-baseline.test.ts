import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baselinesFor } from '../../src/questions/set-baseline.ts';
import { aHistory } from './a-history.ts';
import { assertFinite, HOUR_MS, iso, NOW_MS, noisy, record, runtimes } from './histories.ts';

test('a baseline of the newest runs that succeeded, for each metric, without its outliers', t => {
  const store = aHistory(t);
  const values = noisy(1, 60, 1).map(value => Math.round(value * 1000) / 1000);
  record(store, 'collector', [
    ...runtimes(values),
    { outcome: 'error', runtimeSeconds: 99 },
    ...runtimes([20]),
  ]);
  const made = baselinesFor(store, { module: 'collector' }, NOW_MS);
  assertFinite(made);
  assert.deepEqual(
    made.map(({ metric }) => metric),
    ['runtimeSeconds', 'cpuPercent', 'memoryMb', 'apiLatencySeconds', 'rowsCollected'],
  );
  const [runtime] = made;
  assert.deepEqual(
    [runtime?.module, runtime?.kind, runtime?.n, runtime?.setAt],
    ['collector', 'measured', 49, iso(NOW_MS)],
  );
  assert.deepEqual(runtime?.outliers, [{ index: 49, value: 20 }]);
  assert.deepEqual([runtime?.values, runtime?.timesMs.length], [values.slice(-49), 49]);
  assert.match(runtime?.source ?? '', /^50 run\(s\) from 2026-11-20 03:30 to 2026-11-20 11:50 UTC$/);
});

test('so many runs, or those of a range of time, and of these metrics alone', t => {
  const store = aHistory(t);
  record(store, 'a', runtimes(Array.from({ length: 10 }, (_, index) => index + 1)), { everyMs: HOUR_MS });
  const values = (request: object) =>
    baselinesFor(store, { module: 'a', metrics: ['runtimeSeconds'], ...request }, NOW_MS).map(
      each => each.values,
    );
  assert.deepEqual(values({ runs: 3 }), [[8, 9, 10]]);
  assert.deepEqual(values({ runs: 1 }), [[10]]);
  assert.deepEqual(values({ fromMs: NOW_MS - 9 * HOUR_MS, toMs: NOW_MS - 7 * HOUR_MS }), [[2, 3, 4]]);
  assert.deepEqual(values({ fromMs: NOW_MS - 2 * HOUR_MS }), [[9, 10]]);
  assert.deepEqual(values({ toMs: NOW_MS - 9 * HOUR_MS }), [[1, 2]]);
});

test('numbers are a baseline of their own, 0 as well, and need no runs', t => {
  const store = aHistory(t);
  const made = baselinesFor(
    store,
    { module: 'new', given: { runtimeSeconds: 2.5, errors: 0, 'pnl.day': -3 } },
    NOW_MS,
  );
  assert.deepEqual(
    made.map(({ metric, mean, kind, n, values }) => [metric, mean, kind, n, values]),
    [
      ['runtimeSeconds', 2.5, 'given', 0, []],
      ['errors', 0, 'given', 0, []],
      ['pnl.day', -3, 'given', 0, []],
    ],
  );
});

test('what makes no sense, or is not there, is refused', t => {
  const store = aHistory(t);
  record(store, 'a', [{ custom: { rows: 1 } }]);
  record(store, 'failing', [{ outcome: 'error' }]);
  for (const [request, message] of [
    [{ module: 'b' }, /modules with runs are a, failing/],
    [{ module: 'failing' }, /failing has no successful runs in that range/],
    [{ module: 'a', toMs: 0 }, /no successful runs in that range/],
    [{ module: 'a', metrics: ['runtimeSeconds', 'rowz'] }, /no successful runs with rowz in that range/],
    [{ module: 'a', runs: 5, fromMs: 0 }, /one of them/],
    [{ module: 'a', runs: 5, given: { rows: 1 } }, /one of them/],
    [{ module: 'a', fromMs: 5, toMs: 5 }, /ends before it begins/],
    [{ module: 'a', given: { rows: 1 }, metrics: ['rows'] }, /numbers are given for their metrics/],
    [{ module: 'a', given: { runtimeSeconds: -1 } }, /runtimeSeconds is 0 or more, not -1/],
    [{ module: 'a', given: { rows: Number.NaN } }, /NaN is no baseline/],
    [{ module: 'a', given: { constructor: 1 } }, /'constructor' names no metric/],
    [{ module: 'a', given: { 'a b': 1 } }, /'a b' names no metric/],
  ] as [Parameters<typeof baselinesFor>[1], RegExp][])
    assert.throws(() => baselinesFor(store, request, NOW_MS), message, JSON.stringify(request));
});
