import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryReader } from '../../src/history-reader.ts';
import { capacitiesAhead } from '../../src/questions/capacities.ts';
import { aHistory } from './a-history.ts';
import { HOUR_MS, NOW_MS, noisy, samples } from './histories.ts';

test('the hours of what runs out are read once, and memory has the limit that its newest hour tells', t => {
  const store = aHistory(t);
  const growing = noisy(1, 400, 1, 0.002).map((noise, hour) => noise * (1_000 + 5 * hour));
  const hours = (metric: string, values: number[]) => samples({ metric }, values, { everyMs: HOUR_MS });
  store.addSamples([
    ...hours('memoryUsedMb', growing),
    ...hours(
      'memoryAvailableMb',
      growing.map(mb => 4_000 - mb),
    ),
    ...hours(
      'diskFreeMb',
      growing.map(mb => 4_000 - mb),
    ),
  ]);
  const reads: string[] = [];
  const reader: HistoryReader = {
    ...store,
    rollups(source, metric, labels, bucket, range) {
      const read = store.rollups(source, metric, labels, bucket, range);
      if (read.length > 1) reads.push(metric);
      return read;
    },
  };
  const found = capacitiesAhead(reader, [], NOW_MS);
  assert.deepEqual(
    found.map(({ metric, limit }) => [metric, Math.round(limit)]),
    [
      ['diskFreeMb', 0],
      ['memoryUsedMb', 4_000],
    ],
  );
  assert.deepEqual(reads.sort(), ['diskFreeMb', 'memoryUsedMb']);
});
