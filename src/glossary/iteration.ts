import type { AnomalyEvent } from './event.ts';
import type { Incident } from './judgement.ts';
import type { Run } from './run.ts';

export type CommitStatus = 'ok' | 'recovered' | 'persisted' | 'anomaly' | 'error';

/** An iteration all of whose runs have ended and stand in the store. */
export interface ClosedIteration {
  iteration: number;
  startedAt: string;
  endedAt: string;
  runs: Run[];
  events: AnomalyEvent[];
  openIncidents: Incident[];
  /** Modules of the iteration that were not started any more, because the supervisor was being stopped. */
  notStarted: string[];
}

/** How an iteration ended: what the terminal, the status and the commit are made of. */
export interface IterationSummary extends ClosedIteration {
  message: string;
  status: CommitStatus;
  /** Short hash of the commit that this iteration was written into; null where there was none. */
  commit: string | null;
}
