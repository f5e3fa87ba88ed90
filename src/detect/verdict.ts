import type { Direction, Kind, Severity } from '../glossary/event.ts';

/** What all detectors together say of one observation of one metric. */
export interface Verdict {
  /** How unusual, from 0 towards 1, with one meaning for all series: it ranks observations of different ones. 0 while too little is known. */
  score: number;
  /** How sure it is, from 0 to 1, that there is a real change; calibrated where `event` is set. */
  confidence: number;
  /** Whether an episode is noticed here: once for each, not with every observation in it. */
  event: boolean;
  kind: Kind | null;
  direction: Direction | null;
  /** How many observations ago it began; 0: with this one. Null without an event. */
  beganAgo: number | null;
  /** The level before it; null without an event. */
  before: number | null;
  /** Of the change, in percent of what was normal; null where that is 0, and without an event. */
  sizePercent: number | null;
  severity: Severity | null;
  /** The newest episode that was noticed, here or before; null where there was none. */
  told: Told | null;
  /** In which it was expected; null where nothing is expected yet. */
  expected: readonly [low: number, high: number] | null;
  /** What each detector says, by its name, as in `Opinion.score`: from 0.5 on it would flag by itself. */
  votes: Record<string, number | null>;
}

/** An episode, seen from a later observation. */
export interface Told {
  kind: Kind;
  direction: Direction;
  confidence: number;
  /** How many observations ago it was noticed, and began. */
  ago: number;
  beganAgo: number;
}

export function severityOf(confidence: number): Severity {
  if (confidence < 0.7) return 'info';
  return confidence > 0.9 ? 'critical' : 'warning';
}
