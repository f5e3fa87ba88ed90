import type { AnomalyEvent, Direction } from './event.ts';

export interface OpenIncident {
  id: string;
  run: string;
  openedAt: string;
  direction: Direction;
  /** Frozen when it opened. */
  baseline: number;
  /** The incident's values so far, its first one included. */
  values: number[];
  runsOpen: number;
}

/** All that the rule remembers of one metric of one module. */
export interface MetricState {
  /** The last values that were not anomalous, oldest first; never more than the largest window in use. */
  recent: number[];
  incident: OpenIncident | null;
}

/** By metric. */
export type ModuleState = Record<string, MetricState>;

/** What one run did to its module's state: pure data, written to the store together with the run. */
export interface Judgement {
  state: ModuleState;
  events: AnomalyEvent[];
}

/** An incident as the store keeps it, open or ended. */
export interface Incident {
  id: string;
  module: string;
  metric: string;
  status: 'open' | 'recovered' | 'persisted';
  direction: Direction;
  baseline: number;
  /** The value that opened it. */
  value: number;
  deviationPercent: number | null;
  lastValue: number;
  run: string;
  iteration: number;
  runsOpen: number;
  openedAt: string;
  endedAt: string | null;
}
