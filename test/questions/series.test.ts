import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Range } from '../../src/glossary/history.ts';
import type { HistoryReader } from '../../src/history-reader.ts';
import { parseMetricName } from '../../src/metric-name.ts';
import { pointsOf } from '../../src/questions/series.ts';
import { aHistory } from './a-history.ts';
import { HOUR_MS, NOW_MS, record, runtimes, samples, tidied } from './histories.ts';

function points(reader: HistoryReader, text: string, range: Range = {}) {
  const name = parseMetricName(text);
  assert.ok(name !== null, text);
  return pointsOf(reader, name, range);
}

const valuesOf = (...args: Parameters<typeof points>): number[] => points(...args).map(({ value }) => value);

test('of a module there is one value a run that succeeded', t => {
  const store = aHistory(t);
  record(store, 'collector', [
    ...runtimes([1, 2]),
    { outcome: 'error', runtimeSeconds: 9 },
    ...runtimes([3]),
  ]);
  assert.deepEqual(valuesOf(store, 'collector.runtimeSeconds'), [1, 2, 3]);
  assert.deepEqual(valuesOf(store, 'collector.runtimeSeconds{}', { newest: 2 }), [2, 3]);
  assert.deepEqual(valuesOf(store, 'collector.runtimeSeconds', { untilMs: 0 }), []);
});

test('a custom metric may be called as a field of a run that is no metric', t => {
  const store = aHistory(t);
  record(store, 'trainer', [
    { iteration: 7, attempt: 2, custom: { iteration: 100, attempt: 0.5, exitCode: 3 } },
  ]);
  assert.deepEqual(valuesOf(store, 'trainer.iteration'), [100]);
  assert.deepEqual(valuesOf(store, 'trainer.attempt'), [0.5]);
  assert.deepEqual(valuesOf(store, 'trainer.exitCode'), [3]);
});

test('without labels the series that has none is meant: the CPU of all cores, not that of each beside it', t => {
  const store = aHistory(t);
  store.addSamples([
    ...samples({}, [10, 20]),
    ...samples({ labels: { core: '0' } }, [90, 91]),
    ...samples({ source: 'feed', metric: 'queue', labels: { side: 'in' } }, [1]),
    ...samples({ source: 'feed', metric: 'queue', labels: { side: 'a, "b"' } }, [2]),
  ]);
  for (const when of ['before', 'after']) {
    assert.deepEqual(valuesOf(store, 'system.cpuPercent'), [10, 20], when);
    assert.deepEqual(valuesOf(store, 'system.cpuPercent{core=0}'), [90, 91], when);
    assert.deepEqual(valuesOf(store, 'feed.queue').toSorted(), [1, 2], 'where all have labels, all together');
    assert.deepEqual(valuesOf(store, 'feed.queue{side="a, \\"b\\""}'), [2]);
    tidied(store);
  }
});

test('before the samples that are still kept stand the means of the hours, in their order', t => {
  const store = aHistory(t);
  const endMs = NOW_MS - HOUR_MS / 4;
  store.addSamples(
    samples(
      { metric: 'diskFreeMb' },
      Array.from({ length: 12 }, (_, index) => 100 - index),
      {
        everyMs: HOUR_MS / 4,
        endMs,
      },
    ),
  );
  tidied(store);
  const found = points(store, 'system.diskFreeMb');
  assert.deepEqual(
    found.map(({ value }) => value),
    [98.5, 94.5, 92, 91, 90, 89],
  );
  const times = found.map(({ timeMs }) => (timeMs - NOW_MS) / HOUR_MS);
  assert.deepEqual(times, [-2.5, -1.5, -1, -0.75, -0.5, -0.25]);
});

test('of an hour of which some samples are left, the others stand as their mean before them', t => {
  const store = aHistory(t);
  const quarters = [10, 20, 30, 40, 50, 60];
  store.addSamples(
    samples({ metric: 'load1' }, quarters, { everyMs: HOUR_MS / 4, endMs: NOW_MS - HOUR_MS / 4 }),
  );
  tidied(store, NOW_MS + HOUR_MS / 2);
  const found = points(store, 'system.load1').map(({ timeMs, value }) => [
    (timeMs - NOW_MS) / HOUR_MS,
    value,
  ]);
  assert.deepEqual(found, [
    [-1.5, 15],
    [-0.75, 35],
    [-0.5, 50],
    [-0.25, 60],
  ]);
});

test('what was never recorded is an error that says what there is', t => {
  const store = aHistory(t);
  assert.throws(() => points(store, 'collector.runtimeSeconds'), /there are metrics of nothing yet/);
  record(store, 'collector', [{ apiLatencySeconds: null, custom: { rows: 1 } }]);
  store.addSamples(samples({ labels: { core: '0' } }, [1]));
  assert.throws(
    () => points(store, 'nobody.x'),
    /nothing is recorded of nobody\.x: there are metrics of collector, system/,
  );
  assert.throws(() => points(store, 'collector.rowz'), /collector has .*memoryMb.*rows.*runtimeSeconds/);
  assert.throws(() => points(store, 'collector.apiLatencySeconds'), { code: 'usage' });
  assert.throws(() => points(store, 'system.cpuPercent{core=9}'), /there is system\.cpuPercent\{core=0\}/);
});

test('a metric that has no value in a range is none that is unknown', t => {
  const store = aHistory(t);
  store.addSamples(samples({ labels: { core: '0' } }, [1]));
  record(store, 'collector', [{}]);
  for (const name of ['system.cpuPercent', 'system.cpuPercent{core=0}', 'collector.runtimeSeconds'])
    assert.deepEqual(points(store, name, { untilMs: 0 }), [], name);
});
