export type Direction = 'above' | 'below';

/** `spike`: over with this run, as far as can be seen; `shift`: a new level that lasts. */
export type Kind = 'spike' | 'shift';

/** How much a change matters, by its confidence: below 0.7 info, to 0.9 warning, above it critical. */
export type Severity = 'info' | 'warning' | 'critical';

/** The first run of a shift. The commits of the user between the two revisions are what it may have come with. */
export interface Since {
  run: string;
  time: string;
  /** Of the last run before it; null outside git, or where that run is not known any more. */
  revisionBefore: string | null;
  revisionAfter: string | null;
}

/** What the detectors beside the rule say of a run's metric. */
export interface Assessment {
  /** How sure it is, from 0 to 1, that this is a real change and no noise. */
  confidence: number;
  kind: Kind;
  severity: Severity;
  /** By detector, from 0 to 1: from 0.5 on it would flag by itself; null where it knows too little. */
  votes: Record<string, number | null>;
  /** Null for a spike. */
  since: Since | null;
}

/** A line of `anomalies.log` that tells of an incident. Lines of the time before there were detectors have no assessment. */
export interface AnomalyEvent extends EventFacts, Partial<Assessment> {
  event: 'anomaly' | 'recovered' | 'persisted';
}

/** A line of `anomalies.log` that tells of a real change which the rule does not see: it opens no incident. */
export interface ChangeEvent extends EventFacts, Assessment {
  event: 'change';
}

export type LogEvent = AnomalyEvent | ChangeEvent;

/** What every line of `anomalies.log` says, also one that was read. */
export interface EventFacts {
  time: string;
  message: string;
  module: string;
  metric: string;
  value: number;
  baseline: number;
  /** Null where the baseline is 0. */
  deviationPercent: number | null;
  thresholdPercent: number;
  direction: Direction;
  run: string;
  iteration: number;
  /** Names the incident, or the change. */
  incident: string;
  runsOpen: number;
}
