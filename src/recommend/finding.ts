import type { Severity } from '../glossary/event.ts';
import type { Facts } from './facts.ts';

/** One piece of advice: what was found, why it is believed, and the setting to change. */
export interface Finding {
  /** Stable while it is about the same thing: `collector.timeout-near`, `collector.noise.memoryMb`, `git-commits`. */
  id: string;
  /** Null where it is about the workspace as a whole. */
  module: string | null;
  severity: Severity;
  /** The metric whose limit it is about, without its source; null where it is about anything else. */
  limitedMetric: string | null;
  /** One sentence, in words. */
  title: string;
  /** What to do, one sentence: also where no setting of Watchkeeper does it. */
  advice: string;
  evidence: Evidence;
  /** Null where the advice lies outside of `watchkeeper.yaml`. */
  change: Change | null;
}

export interface Evidence {
  /** Runs, starts or forecasts that it rests on. */
  count: number;
  /** What is counted: `runs`, `starts`. */
  of: string;
  /** Times of the first and the last of them, ISO 8601; null where there is no range. */
  from: string | null;
  to: string | null;
  /** By name, the unit in it: `p99Seconds`. */
  figures: Record<string, number>;
}

export interface Change {
  /** Keys of `watchkeeper.yaml`, from the top. */
  path: (string | number)[];
  /** The value in effect, as a user writes it; null where there is none. */
  from: string | number | boolean | null;
  to: string | number | boolean;
}

/** A finding as advice gives it: few are about a limit. */
export type Found = Omit<Finding, 'limitedMetric'> & Partial<Pick<Finding, 'limitedMetric'>>;

/** One file each: looks at the facts, and says what it finds; nothing where the evidence is thin. */
export type Advice = (facts: Facts) => Found[];
