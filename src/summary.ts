import type { AnomalyEvent } from './glossary/event.ts';
import type { CommitStatus, IterationSummary } from './glossary/iteration.ts';
import type { Incident } from './glossary/judgement.ts';
import type { Run } from './glossary/run.ts';

/** What happened in one iteration, as far as its message and its status depend on it. */
export interface Happened {
  runs: Run[];
  events: AnomalyEvent[];
  openIncidents: Pick<Incident, 'id'>[];
}

/**
 * The iteration's message: what failed, what ended, what is still open, joined with `; `; `Performance OK` where none of it
 * holds. N counts the incidents that are open after the iteration.
 *
 * @example messageOf({ runs, events: [], openIncidents: [] }) // 'Performance OK'
 */
export function messageOf({ runs, events, openIncidents }: Happened): string {
  const parts = failedRuns(runs).map(run => `Module failed: ${run.module} (${run.outcome})`);
  const ended = events.filter(event => event.event !== 'anomaly').map(transitionOf);
  if (openIncidents.length > 0) parts.push(`Anomaly detected: ${openIncidents.length} anomaly(ies)`);
  return [...parts, ...ended].join('; ') || 'Performance OK';
}

/** `Anomaly recovered: collector - runtimeSeconds`: the end of an incident, as messages and commits have it. */
function transitionOf(event: Pick<AnomalyEvent, 'event' | 'module' | 'metric'>): string {
  return `Anomaly ${event.event}: ${event.module} - ${event.metric}`;
}

/** The iteration's status: `ok` only where every run succeeded and no incident is open; the end of an incident counts most. */
export function statusOf({ runs, events, openIncidents }: Happened): CommitStatus {
  if (events.some(({ event }) => event === 'persisted')) return 'persisted';
  if (events.some(({ event }) => event === 'recovered')) return 'recovered';
  if (lastRuns(runs).some(({ outcome }) => outcome !== 'ok')) return 'error';
  return openIncidents.length > 0 ? 'anomaly' : 'ok';
}

/** The last run of each module that did not succeed in the end. What was skipped for it is not listed again. */
export function failedRuns(runs: Run[]): Run[] {
  return lastRuns(runs).filter(({ outcome }) => outcome !== 'ok' && outcome !== 'skipped');
}

/** Whether every module of an iteration was run, and none failed in the end. */
export function isDone({ runs, notStarted }: Pick<IterationSummary, 'runs' | 'notStarted'>): boolean {
  return notStarted.length === 0 && failedRuns(runs).length === 0;
}

/** The last attempt of each module, modules in the order in which they first ran. */
export function lastRuns(runs: Run[]): Run[] {
  return [...new Map(runs.map(run => [run.module, run])).values()];
}

/** `ok`, `error 3`, `SIGKILL`: how a run ended, in a word or two. */
export function outcomeText(run: Pick<Run, 'outcome' | 'exitCode' | 'signal'>): string {
  if (run.outcome === 'error' && run.exitCode !== null) return `error ${run.exitCode}`;
  if (run.outcome === 'killed' && run.signal !== null) return run.signal;
  return run.outcome;
}
