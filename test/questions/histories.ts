import assert from 'node:assert/strict';
import type { Run } from '../../src/glossary/run.ts';
import type { Sample } from '../../src/glossary/sample.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import type { Store } from '../../src/store/store.ts';
import { aRun, START_MS } from '../store/fixtures.ts';

/** When the questions are asked. */
export const NOW_MS = START_MS;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const iso = (ms: number): string => new Date(ms).toISOString();

/** Values that spread by a factor around a level. */
export function noisy(seed: number, count: number, level: number, spread = 0.03): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => level * Math.exp(spread * gaussian(random)));
}

/** Records runs of a module, evenly in time, the newest one ending just before `endMs`. */
export function record(
  store: Pick<Store, 'recordRun'>,
  module: string,
  parts: readonly Partial<Run>[],
  { everyMs = 10 * MINUTE_MS, endMs = NOW_MS }: { everyMs?: number; endMs?: number } = {},
): Run[] {
  const runs = parts.map((part, index) => {
    const startMs = endMs - (parts.length - index) * everyMs;
    return aRun({ module, startedAt: iso(startMs), endedAt: iso(startMs + 1000), ...part });
  });
  for (const run of runs) store.recordRun(run, null);
  return runs;
}

/** Runs that differ in their runtime alone. */
export function runtimes(values: readonly number[], part: Partial<Run> = {}): Partial<Run>[] {
  return values.map(runtimeSeconds => ({ ...part, runtimeSeconds }));
}

/** Samples of one series, evenly in time, the newest one at `endMs`. */
export function samples(
  name: Partial<Sample>,
  values: readonly number[],
  { everyMs = 10_000, endMs = NOW_MS }: { everyMs?: number; endMs?: number } = {},
): Sample[] {
  return values.map((value, index) => ({
    ...{ source: 'system', metric: 'cpuPercent', labels: {} },
    ...{ timeMs: endMs - (values.length - 1 - index) * everyMs, value },
    ...name,
  }));
}

/** All that a supervisor's housekeeping does by a moment. */
export function tidied(store: Pick<Store, 'keepHouse'>, nowMs = NOW_MS): void {
  const keeping = { keepMs: 400 * DAY_MS, samplesMs: HOUR_MS, leastRuns: 100 };
  store.keepHouse({ ...keeping, samplesMs: DAY_MS }, nowMs - HOUR_MS); // samples go once the clock has been calm for an hour
  while (store.keepHouse(keeping, nowMs));
}

/** Fails where a number is none: JSON would say null without a word. */
export function assertFinite(answer: unknown, path = 'answer'): void {
  if (typeof answer === 'number') assert.ok(Number.isFinite(answer), `${path} is ${answer}`);
  assert.notEqual(typeof answer, 'undefined', `${path} is undefined`);
  if (typeof answer !== 'object' || answer === null) return;
  for (const [key, value] of Object.entries(answer)) assertFinite(value, `${path}.${key}`);
}
