import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trends } from '../../src/questions/trends.ts';
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

test('each metric of a module has its course over the window, and whether it rises', t => {
  const store = aHistory(t);
  const memory = noisy(1, 24 * 7, 60, 0.01).map((value, hour) => value + hour / 10);
  record(
    store,
    'collector',
    memory.map(memoryMb => ({ memoryMb, runtimeSeconds: 1 })),
    { everyMs: HOUR_MS },
  );
  const answer = trends(store, { of: 'collector' }, NOW_MS);
  assertFinite(answer);
  assert.deepEqual(
    [answer.from, answer.to, answer.bucketSeconds],
    [iso(NOW_MS - 7 * DAY_MS), iso(NOW_MS), 3600],
  );
  const of = (metric: string) => answer.trends.find(trend => trend.metric === `collector.${metric}`);
  assert.equal(of('memoryMb')?.direction, 'rising');
  assert.ok(Math.abs((of('memoryMb')?.slopePerDay ?? 0) - 2.4) < 0.3);
  assert.equal(of('runtimeSeconds')?.direction, 'flat');
  assert.equal(of('runtimeSeconds')?.count, 24 * 7);
  assert.ok(of('rowsCollected') !== undefined, 'custom ones as well');
});

test('one metric, another window and bucket; empty buckets have no value', t => {
  const store = aHistory(t);
  record(store, 'collector', runtimes([1, 2, 3]), { everyMs: 10 * MINUTE_MS });
  const question = { of: 'collector.runtimeSeconds', windowMs: HOUR_MS, bucketMs: 10 * MINUTE_MS };
  const [trend] = trends(store, question, NOW_MS).trends;
  assert.deepEqual(
    trend?.buckets.map(({ p50 }) => p50),
    [null, null, null, 1, 2, 3, null],
  );
  assert.deepEqual([trend?.count, trend?.direction, trend?.slopePerDay], [3, 'too-few', null]);
});

test('without a bucket a window of any length has enough points to see a course in, and not too many to show', t => {
  const store = aHistory(t);
  const recent = Array.from({ length: 60 }, (_, index) => 60 + index);
  store.addSamples(samples({ source: 'feed', metric: 'memoryMb' }, recent, { everyMs: 10_000 }));
  const asked = (windowMs: number) => trends(store, { of: 'feed.memoryMb', windowMs }, NOW_MS);
  const [tenMinutes] = asked(10 * MINUTE_MS).trends;
  assert.equal(tenMinutes?.direction, 'rising');
  assert.equal(tenMinutes.buckets.filter(({ p50 }) => p50 !== null).length, 60);
  const usual: [windowMs: number, bucketSeconds: number][] = [
    [1_000, 1],
    [10 * MINUTE_MS, 10],
    [HOUR_MS, 60],
    [5 * HOUR_MS, 600],
    [DAY_MS, 3_600],
    [7 * DAY_MS, 3_600],
    [30 * DAY_MS, 86_400],
    [400 * DAY_MS, 604_800],
  ];
  for (const [windowMs, seconds] of usual)
    assert.equal(asked(windowMs).bucketSeconds, seconds, `${windowMs}`);
  for (let windowMs = MINUTE_MS; windowMs < 4_000 * DAY_MS; windowMs *= 1.7) {
    const count = asked(windowMs).trends[0]?.buckets.length ?? 0;
    assert.ok(count >= 24 && count <= 600, `${count} of ${windowMs} ms`);
  }
});

test('the machine is asked like a module: each metric by the series without labels', t => {
  const store = aHistory(t);
  store.addSamples([
    ...samples({}, new Array(60).fill(10), { everyMs: 5 * MINUTE_MS }),
    ...samples({ labels: { core: '0' } }, new Array(60).fill(90), { everyMs: 5 * MINUTE_MS }),
    ...samples({ metric: 'load1' }, [1, 2], { endMs: NOW_MS - MINUTE_MS }),
  ]);
  const p50 = (): (number | null | undefined)[] => {
    const answer = trends(store, { of: 'system', windowMs: 5 * HOUR_MS, bucketMs: HOUR_MS }, NOW_MS);
    assert.deepEqual(
      answer.trends.map(({ metric }) => metric),
      ['system.cpuPercent', 'system.load1'],
    );
    return answer.trends.map(({ buckets }) => buckets.at(-2)?.p50);
  };
  assert.deepEqual(p50(), [10, 1.5]);
  tidied(store, NOW_MS + 2 * HOUR_MS);
  assert.deepEqual(p50(), [10, 1.5], 'when only the roll-ups are left');
  const [core] = trends(store, { of: 'system.cpuPercent{core=0}' }, NOW_MS).trends;
  assert.equal(core?.metric, 'system.cpuPercent{core=0}');
  assert.equal(core?.buckets.at(-2)?.p50, 90);
});

test('what a module reports beside its runs is listed after their metrics, each set of labels by itself', t => {
  const store = aHistory(t);
  record(store, 'collector', runtimes([1, 2, 3]));
  const reported = (metric: string, labels: Record<string, string>, values: number[], endMs = NOW_MS) =>
    samples({ source: 'collector', metric, labels }, values, { everyMs: MINUTE_MS, endMs });
  store.addSamples([
    ...reported('queueLength', { queue: 'in' }, [12, 13]),
    ...reported('queueLength', { queue: 'out' }, [3]),
    ...reported('rowsCollected', { kind: 'late' }, [7]),
    ...reported('clients', {}, [4]),
    ...reported('clients', { host: 'a' }, [1]),
    ...reported('gone', {}, [1], NOW_MS - 30 * DAY_MS),
    ...Array.from({ length: 11 }, (_, index) => reported('many', { index: String(index) }, [index])).flat(),
  ]);
  for (const when of ['before', 'after']) {
    const { trends: found } = trends(store, { of: 'collector', windowMs: 4 * HOUR_MS }, NOW_MS);
    assert.deepEqual(
      found.map(({ metric, count }) => [metric.replace('collector.', ''), count]),
      [
        ...['runtimeSeconds', 'cpuPercent', 'memoryMb', 'apiLatencySeconds', 'rowsCollected'].map(own => [
          own,
          3,
        ]),
        ...[
          ['clients', 1],
          ['many', 11],
          ['queueLength{queue=in}', 2],
          ['queueLength{queue=out}', 1],
        ],
        ['rowsCollected{kind=late}', 1],
      ],
      when,
    );
    tidied(store);
  }
});

test('a long window is read from the roll-ups, and still counts every value', t => {
  const store = aHistory(t);
  const many = Array.from({ length: 20_100 }, (_, index) => 1 + (index % 2));
  store.addSamples(samples({ source: 'feed', metric: 'queue' }, many, { everyMs: 20_000 }));
  const [trend] = trends(store, { of: 'feed.queue' }, NOW_MS).trends;
  assert.equal(trend?.count, 20_100);
  assert.ok((trend?.buckets.filter(({ p50 }) => p50 !== null).length ?? 0) > 100);
});

test('what is not there, or makes no sense, is refused with what there is', t => {
  const store = aHistory(t);
  assert.throws(() => trends(store, { of: 'collector' }, NOW_MS), /no module has run yet/);
  record(store, 'collector', [{ outcome: 'error', runtimeSeconds: null }]);
  assert.throws(
    () => trends(store, { of: 'collector' }, NOW_MS),
    /collector has no metrics yet: none of its runs has succeeded/,
  );
  record(store, 'collector', [{}]);
  assert.throws(() => trends(store, { of: 'colector' }, NOW_MS), /modules with runs are collector/);
  assert.throws(() => trends(store, { of: 'collector.rowz' }, NOW_MS), /collector has /);
  for (const wrong of [
    { windowMs: 0 },
    { windowMs: -1 },
    { windowMs: 1e20, bucketMs: 1e19 },
    { bucketMs: 0 },
    { bucketMs: 1 },
  ])
    assert.throws(
      () => trends(store, { of: 'collector', ...wrong }, NOW_MS),
      { code: 'usage' },
      JSON.stringify(wrong),
    );
});

test('a window without a run is empty, not an error', t => {
  const store = aHistory(t);
  record(store, 'collector', runtimes([1]), { endMs: NOW_MS - 30 * DAY_MS });
  const answer = trends(store, { of: 'collector', windowMs: HOUR_MS }, NOW_MS);
  assertFinite(answer);
  assert.ok(
    answer.trends.length >= 3 &&
      answer.trends.every(({ count, direction }) => count === 0 && direction === 'too-few'),
  );
});
