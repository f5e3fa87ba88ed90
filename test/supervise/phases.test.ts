import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChildResult } from '../../src/glossary/child.ts';
import type { ReportedMetrics, Run } from '../../src/glossary/run.ts';
import { endedRun } from '../../src/supervise/outcome.ts';
import { NOTHING_REPORTED } from '../helpers/further.ts';
import { childEnd, module } from './played.ts';

const START_MS = Date.UTC(2026, 10, 20, 12);
const STARTED = {
  ...{ id: 'run-1', module: 'train', iteration: 1, trigger: 'schedule' as const, attempt: 1 },
  ...{ startedAt: new Date(START_MS).toISOString(), revision: null },
};

/** A run of two seconds, whose command began 10 ms after its start. */
const TWO_SECONDS = { startedAtMs: START_MS, endedAtMs: START_MS + 2_010, runtimeSeconds: 2 };

function phases(reported: Partial<ReportedMetrics>, result: Partial<ChildResult> = {}): (number | null)[] {
  const whole = { ...NOTHING_REPORTED, ...reported };
  const run: Run = endedRun(STARTED, childEnd({ ...TWO_SECONDS, ...result }), whole, module('train'));
  return [run.setupSeconds, run.cleanupSeconds, run.samplesPerSecond];
}

/** At so many ms after the start of the command. */
const marks = (setupEnd: number | null, cleanupStart: number | null): ReportedMetrics['marks'] => ({
  'setup-end': setupEnd === null ? null : START_MS + 10 + setupEnd,
  'cleanup-start': cleanupStart === null ? null : START_MS + 10 + cleanupStart,
});
const own = (values: Partial<ReportedMetrics['own']>): ReportedMetrics['own'] => ({
  ...NOTHING_REPORTED.own,
  ...values,
});
const samplesProcessed = { samplesProcessed: 300 };

test('a module that says nothing has no phases', () => {
  assert.deepEqual(phases({}), [null, null, null]);
});

test('setup lasts from the start of the command to its mark, cleanup from its mark to the end', () => {
  assert.deepEqual(phases({ marks: marks(400, 1_900) }), [0.4, 0.1, null]);
  assert.deepEqual(phases({ marks: marks(400, null) }), [0.4, null, null]);
  assert.deepEqual(phases({ marks: marks(null, 1_900) }), [null, 0.1, null]);
});

test('throughput is samples over the runtime, without setup and cleanup where they are known', () => {
  assert.deepEqual(phases({ custom: samplesProcessed }), [null, null, 150]);
  assert.deepEqual(phases({ custom: samplesProcessed, marks: marks(400, 1_900) }), [0.4, 0.1, 200]);
  assert.deepEqual(phases({ custom: samplesProcessed, own: own({ setupSeconds: 0.8 }) }), [0.8, null, 250]);
  assert.deepEqual(phases({ custom: { samplesProcessed: 0 } }), [null, null, 0]);
});

test('a rate has six digits, of whatever size it is', () => {
  assert.equal(
    phases({ custom: { samplesProcessed: 1 } }, { runtimeSeconds: 1_800, endedAtMs: START_MS + 1.8e6 })[2],
    0.000555556,
  );
  assert.equal(phases({ custom: { samplesProcessed: 246_913_578 } })[2], 123_457_000);
});

test('there is no throughput where no time is left for the work, or less than nothing was done', () => {
  assert.equal(phases({ custom: samplesProcessed, marks: marks(1_500, 500) })[2], null);
  assert.equal(phases({ custom: samplesProcessed }, { runtimeSeconds: 0, endedAtMs: START_MS })[2], null);
  assert.equal(phases({ custom: { samplesProcessed: -1 } })[2], null);
});

test('what the module gives as a number counts before its marks and its samples', () => {
  const said = own({ setupSeconds: 0.5, cleanupSeconds: 0.25, samplesPerSecond: 1_000 });
  assert.deepEqual(
    phases({ custom: samplesProcessed, marks: marks(400, 1_900), own: said }),
    [0.5, 0.25, 1_000],
  );
});

test('a mark a moment outside the run is at its end; farther out it is of another run, and means nothing', () => {
  assert.deepEqual(phases({ marks: marks(-5, 2_003) }), [0, 0, null]);
  assert.deepEqual(phases({ marks: marks(2_003, -5) }), [2, 2, null]);
  assert.deepEqual(phases({ marks: marks(-3_000, 6_000) }), [null, null, null]);
});

test('where the clock was set during the run, a mark means nothing, and a number holds', () => {
  const set = { endedAtMs: START_MS + 3_600_000 };
  assert.deepEqual(phases({ marks: marks(400, 1_900) }, set), [null, null, null]);
  assert.deepEqual(phases({ own: own({ setupSeconds: 0.5 }) }, set), [0.5, null, null]);
});
