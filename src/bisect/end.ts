/** How a bisection goes about it. */
export interface BisectionSettings {
  /** Makes every random choice repeatable. */
  seed: number;
  /** Smaller changes between good and bad do not matter. */
  thresholdPercent: number;
  maxRuns: number;
  /** So many runs of a commit at a time. */
  runsPerStep: number;
}

/** What is to be done next. Places: 0 is good, the last one is bad. */
export type BisectStep = { kind: 'run'; place: number } | { kind: 'end'; end: BisectEnd };

export interface Change {
  /** Medians of all runs of good and of bad. */
  before: number;
  after: number;
  /** Of the change, from all runs; null where percents mean nothing, because the level is 0. */
  percent: number | null;
  /** Between these with 95 %. */
  low: number | null;
  high: number | null;
}

/**
 * - `found`: the change came with one of the commits `first` to `last`, which are one but for those that cannot be run
 * - `undecided`: the same after as many runs as were allowed, with less certainty
 * - `alike`: good and bad do not differ by what matters, or not so that it shows; by how much they may differ with 95 %
 * - `unusable`: good or bad cannot be run
 */
export type BisectEnd =
  | {
      kind: 'found' | 'undecided';
      first: number;
      last: number;
      probability: number;
      change: Change;
      /** Commits whose runs lie between both levels: there is more than one change. */
      between: number[];
    }
  | { kind: 'alike'; low: number | null; high: number | null }
  | { kind: 'unusable'; place: number };
