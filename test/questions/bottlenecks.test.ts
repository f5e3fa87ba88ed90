import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bottlenecks } from '../../src/questions/bottlenecks.ts';
import { aJudgement, anEvent, aRun } from '../store/fixtures.ts';
import { aHistory } from './a-history.ts';
import {
  assertFinite,
  DAY_MS,
  HOUR_MS,
  iso,
  MINUTE_MS,
  NOW_MS,
  record,
  runtimes,
  tidied,
} from './histories.ts';

test('modules are ranked by what they cost and what goes wrong in them', t => {
  const store = aHistory(t);
  record(store, 'slow', runtimes([30, 30, 30], { cpuSeconds: 1 }));
  record(store, 'busy', runtimes([10, 10], { cpuSeconds: 9 }));
  record(store, 'bad', [
    { runtimeSeconds: 1 },
    { outcome: 'timeout', runtimeSeconds: 20, cpuSeconds: 2 },
    { outcome: 'skipped', runtimeSeconds: null, cpuSeconds: null },
  ]);
  const answer = bottlenecks(store, {}, NOW_MS);
  assertFinite(answer);
  assert.equal(answer.since, iso(NOW_MS - 7 * DAY_MS));
  assert.deepEqual(
    answer.runtimeSeconds.map(({ module, amount }) => [module, amount]),
    [
      ['slow', 90],
      ['bad', 21],
      ['busy', 20],
    ],
  );
  assert.equal(answer.cpuSeconds[0]?.module, 'busy');
  assert.deepEqual(
    answer.failures.map(({ module, amount, rate }) => [module, amount, rate]),
    [['bad', 1, 0.5]],
  );
  assert.deepEqual(answer.failedSeconds, [{ module: 'bad', amount: 20, share: 1 }]);
  const bad = answer.modules.find(({ module }) => module === 'bad');
  assert.deepEqual(
    [bad?.runs, Math.round((bad?.cpuSeconds ?? 0) * 1000)],
    [2, 2306],
    'a failed run has used its CPU time, a skipped one is none',
  );
  tidied(store);
  assert.deepEqual(bottlenecks(store, {}, NOW_MS), answer, 'whether housekeeping was done or not');
});

test('a time is what was asked for, and not the hours around it', t => {
  const store = aHistory(t);
  record(store, 'a', runtimes(new Array(120).fill(1)), {
    everyMs: MINUTE_MS,
    endMs: NOW_MS + 30 * MINUTE_MS,
  });
  const runs = (sinceMs: number) =>
    bottlenecks(store, { sinceMs }, NOW_MS + 30 * MINUTE_MS).modules[0]?.runs ?? 0;
  for (const when of ['before', 'after']) {
    assert.equal(runs(NOW_MS + 20 * MINUTE_MS), 10, when);
    assert.equal(runs(NOW_MS - 20 * MINUTE_MS), 50, when);
    assert.equal(runs(NOW_MS - HOUR_MS), 90, when);
    assert.equal(runs(NOW_MS - 100 * DAY_MS), 120, when);
    tidied(store, NOW_MS + HOUR_MS);
  }
});

test('over months whole days are read, and the rest of the first one to the millisecond', t => {
  const store = aHistory(t);
  record(store, 'a', runtimes(new Array(200).fill(1)), { everyMs: 12 * HOUR_MS });
  record(store, 'a', runtimes([1, 1, 1]), {
    everyMs: 10 * MINUTE_MS,
    endMs: NOW_MS - 90 * DAY_MS + 25 * MINUTE_MS,
  });
  tidied(store);
  const answer = bottlenecks(store, { sinceMs: NOW_MS - 90 * DAY_MS }, NOW_MS);
  assert.deepEqual([answer.modules[0]?.runs, answer.modules[0]?.runtimeSeconds], [182, 182]);
});

test('a run deviates once, however many of its metrics did, and only in the time that is asked for', t => {
  const store = aHistory(t);
  const anomaly = (minutes: number, run: string, metric: string) =>
    anEvent({ time: iso(NOW_MS - minutes * MINUTE_MS), run, metric, incident: `${metric}-${run}` });
  record(store, 'collector', [{}, {}]);
  store.recordRun(
    aRun({ startedAt: iso(NOW_MS - 60_000) }),
    aJudgement(
      [
        anomaly(120, 'r1', 'runtimeSeconds'),
        anomaly(10, 'r2', 'runtimeSeconds'),
        anomaly(10, 'r2', 'memoryMb'),
        { ...anomaly(9, 'r3', 'memoryMb'), event: 'recovered', incident: 'memoryMb-r2' },
      ],
      null,
    ),
  );
  const answer = bottlenecks(store, { sinceMs: NOW_MS - HOUR_MS }, NOW_MS);
  const [{ deviations, rate } = { deviations: null, rate: null }] = answer.deviations.map(
    ({ amount, rate: share }) => ({ deviations: amount, rate: share }),
  );
  assert.deepEqual([deviations, rate], [1, 1 / 3]);
});

test('without runs in the time there is nothing to rank', t => {
  const store = aHistory(t);
  for (const expected of [[], []]) {
    const answer = bottlenecks(store, { sinceMs: NOW_MS - HOUR_MS }, NOW_MS);
    assertFinite(answer);
    assert.deepEqual([answer.modules, answer.runtimeSeconds, answer.failures], [expected, [], []]);
    record(store, 'a', runtimes([1]), { endMs: NOW_MS - DAY_MS });
    record(store, 'ahead', runtimes([1]), { endMs: NOW_MS + DAY_MS });
  }
});
