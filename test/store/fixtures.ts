import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, type TestContext } from 'node:test';
import type { Clock } from '../../src/glossary/clock.ts';
import type { AnomalyEvent } from '../../src/glossary/event.ts';
import type { Judgement, ModuleState } from '../../src/glossary/judgement.ts';
import type { Run } from '../../src/glossary/run.ts';
import { judgeRun } from '../../src/judge.ts';
import { syncAnomaliesLog } from '../../src/store/anomalies.ts';
import type { Judge } from '../../src/store/import.ts';
import { openStore } from '../../src/store/open.ts';
import type { Owner } from '../../src/store/owner.ts';
import { PerformanceFile } from '../../src/store/performance.ts';
import type { Store } from '../../src/store/store.ts';
import { NOTHING_FURTHER } from '../helpers/further.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

export const START_MS = Date.UTC(2026, 10, 20, 12);

/** A clock that stands still. */
export const clock: Clock = { now: () => START_MS, monotonic: () => 0 };

/** ISO time so many seconds after the start of all tests. */
export function at(seconds: number): string {
  return new Date(START_MS + seconds * 1000).toISOString();
}

export function anOwner(part: Partial<Owner> = {}): Owner {
  return {
    ...{ pid: process.pid, startTime: '1', bootId: 'boot', host: 'here' },
    ...{ nonce: randomUUID(), startedAt: at(0), version: '0.1.0' },
    ...part,
  };
}

const open: { close(): void }[] = [];

// Before the check for leaks, which runs before the hooks of a test itself.
afterEach(() => {
  for (const closing of open.splice(0)) closing.close();
});

/** Closed after the test. */
export function closing<T extends { close(): void }>(thing: T): T {
  open.push(thing);
  return thing;
}

/** Another connection to the store of a data folder; nobody's yet. */
export function reopen(data: string): Store {
  return closing(openStore(data, { clock }).store);
}

/** An open store that is ours, in a data folder of its own; closed and gone after the test. */
export function aStore(t: TestContext): { store: Store; data: string } {
  const data = join(temporaryFolder(t), 'data');
  const store = reopen(data);
  store.claim(anOwner());
  return { store, data };
}

let runs = 0;

export function aRun(part: Partial<Run> = {}): Run {
  runs += 1;
  return {
    id: `01JD${String(runs).padStart(10, '0')}`,
    ...{ module: 'collector', iteration: 1, trigger: 'schedule', attempt: 1 },
    ...{ startedAt: at(runs), endedAt: at(runs + 0.5), outcome: 'ok', exitCode: 0, signal: null },
    ...{
      runtimeSeconds: 0.43,
      cpuSeconds: 0.306,
      cpuPercent: 71.2,
      memoryMb: 62.1,
      apiLatencySeconds: 0.063,
    },
    ...{ api: { count: 12, errors: 0, p95: 0.08, max: 0.09 }, custom: { rowsCollected: 1200 } },
    ...NOTHING_FURTHER,
    ...{ revision: '9fceb02', reason: null },
    ...part,
  };
}

export function anEvent(part: Partial<AnomalyEvent> = {}): AnomalyEvent {
  return {
    ...{
      time: at(1),
      event: 'anomaly',
      message: 'collector: runtime 0.81 s is 88.4% above its 5-run average',
    },
    ...{
      module: 'collector',
      metric: 'runtimeSeconds',
      value: 0.81,
      baseline: 0.43,
      deviationPercent: 88.37,
    },
    ...{ thresholdPercent: 25, direction: 'above', run: 'R1', iteration: 9, incident: 'I1', runsOpen: 0 },
    ...part,
  };
}

const RULE = { thresholdPercent: 25, window: 5, recoveryRuns: 3, floor: 0.05 };

/** Judges runs as a supervisor does, by one rule for the metrics that are named; without names for all of them. */
export function judgeOf(...metrics: string[]): Judge {
  const ruleFor = (metric: string): typeof RULE | null =>
    metrics.length === 0 || metrics.includes(metric) ? RULE : null;
  return (state, run) => judgeRun(state, run, ruleFor, ({ id }, metric) => `${id}-${metric}`);
}

/** Writes performance.json and anomalies.log as they are after an iteration. */
export function show(store: Store, data: string): void {
  new PerformanceFile(store, data).write(at(1000), 100);
  syncAnomaliesLog(store, data, START_MS);
}

/** A judgement whose state holds the named incident open in the metric of its events (null: none). */
export function aJudgement(events: AnomalyEvent[], openIncident: string | null): Judgement {
  const state: ModuleState = { runtimeSeconds: { recent: [1, 1, 1, 1, 1], incident: null } };
  const metric = events[0]?.metric ?? 'runtimeSeconds';
  if (openIncident !== null) {
    const incident = { id: openIncident, run: 'R1', openedAt: at(1), direction: 'above' as const };
    state[metric] = { recent: [1], incident: { ...incident, baseline: 0.43, values: [0.81], runsOpen: 0 } };
  }
  return { state, events };
}

/** Records a run that does nothing but bring these events. */
export function recordEvents(store: Store, events: AnomalyEvent[]): void {
  for (const event of events) store.recordRun(aRun({ module: event.module }), aJudgement([event], null));
}
