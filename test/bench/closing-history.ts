import { monotonicFactory } from 'ulid';
import type { ModuleState } from '../../src/glossary/judgement.ts';
import type { Run } from '../../src/glossary/run.ts';
import { judgeRun } from '../../src/judge.ts';
import type { Adoption } from '../../src/store/adopt.ts';
import { NOTHING_FURTHER } from '../helpers/further.ts';

const START_MS = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
const newId = monotonicFactory();

/** `module-0001`, ... */
export function moduleNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `module-${String(index + 1).padStart(4, '0')}`);
}

/** A workspace in which each module has run so often: one iteration a minute, in which all of them ran. */
export function historyOf(modules: string[], runs: number): Adoption {
  const all = Array.from({ length: runs }, (_, index) => modules.map(module => aRun(module, index + 1)));
  const state = stateAfter((all.at(-1) ?? []).slice(0, 1));
  const counts = { successCount: runs, errorCount: 0, restartCount: 0 };
  return {
    runs: all.flat(),
    modules: Object.fromEntries(modules.map(module => [module, { counts, state }])),
    lines: [],
    incidents: [],
    iteration: runs,
    endedAt: new Date(START_MS + runs * MINUTE_MS).toISOString(),
  };
}

/** A run as long as real ones are, its figures different from those of any other. */
export function aRun(module: string, iteration: number, runtimeSeconds = 0.43 + jitter(0.02)): Run {
  const startedAtMs = START_MS + iteration * MINUTE_MS;
  const cpuSeconds = 0.3 + jitter(0.01);
  return {
    ...{ id: newId(startedAtMs), module, iteration, trigger: 'schedule', attempt: 1 },
    startedAt: new Date(startedAtMs).toISOString(),
    endedAt: new Date(startedAtMs + runtimeSeconds * 1000).toISOString(),
    ...{ outcome: 'ok', exitCode: 0, signal: null, runtimeSeconds, cpuSeconds },
    cpuPercent: (100 * cpuSeconds) / runtimeSeconds,
    memoryMb: 62 + jitter(1),
    apiLatencySeconds: 0.063 + jitter(0.005),
    api: { count: 12, errors: 0, p95: 0.08 + jitter(0.01), max: 0.09 + jitter(0.01) },
    ...NOTHING_FURTHER,
    ...{ diskReadMb: 0, diskWrittenMb: 0.1 + jitter(0.01), contextSwitches: 120 + (iteration % 7) },
    custom: { rowsCollected: 1200 },
    revision: '9fceb02',
    reason: null,
  };
}

function stateAfter(runs: Run[]): ModuleState {
  const rule = { thresholdPercent: 25, window: 5, recoveryRuns: 3, floor: 0 };
  let state: ModuleState = {};
  for (const run of runs) {
    for (let times = 0; times < rule.window; times += 1)
      state = judgeRun(
        state,
        run,
        () => rule,
        () => newId(),
      ).state;
  }
  return state;
}

/** Up to `size` to either side, the same in every run of the benchmark (a linear congruential generator). */
function jitter(size: number): number {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
  return size * ((2 * seed) / 2 ** 31 - 1);
}

let seed = 1;
