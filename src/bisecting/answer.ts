import type { BisectEnd, Change } from '../bisect/end.ts';
import { forkOf } from '../git/commits-between.ts';
import type { Commit } from '../git/named-commit.ts';
import type { Outcome } from '../glossary/run.ts';
import { roundTo } from '../stats/round.ts';

/** One run of a bisection. */
export interface BisectRun {
  /** Counted from 1. */
  number: number;
  commit: string;
  /** `between`: of a commit between good and bad. */
  role: 'good' | 'bad' | 'between';
  outcome: Outcome;
  /** Null where it failed, or did not have the metric. */
  value: number | null;
  /** How many commits hold the change with 95 % after it; null before good and bad were seen to differ. */
  left: number | null;
}

export interface Skipped extends Commit {
  reason: string;
}

export interface BisectAnswer {
  module: string;
  metric: string;
  /** Smaller changes do not matter. */
  thresholdPercent: number;
  good: Commit;
  bad: Commit;
  /** How many commits the change may have come with, before anything was run. */
  candidates: number;
  /** `found`; `undecided`: the runs that were allowed did not do; `alike`: good and bad do not differ so that it shows or matters. */
  verdict: 'found' | 'undecided' | 'alike';
  /** What the change came with: one, or those among which it is; none where good and bad are alike. Oldest first. */
  commits: Commit[];
  /** That it is one of these. */
  probability: number | null;
  change: Change | null;
  /** Where good and bad are alike: between these with 95 %, in percent. */
  difference: { low: number | null; high: number | null } | null;
  /** Warm-ups are in no other number. */
  runs: { total: number; good: number; bad: number; between: number; failed: number; warmups: number };
  skipped: Skipped[];
  /** What a reader should know beside, in words. */
  words: string[];
  steps: BisectRun[];
}

export interface Done {
  root: string;
  module: string;
  metric: string;
  thresholdPercent: number;
  commits: readonly Commit[];
  steps: BisectRun[];
  skipped: Skipped[];
  warmups: number;
}

/** The answer of a bisection that has come to its end. */
export async function bisectAnswer(
  done: Done,
  end: Exclude<BisectEnd, { kind: 'unusable' }>,
): Promise<BisectAnswer> {
  const { module, metric, thresholdPercent, commits, steps, skipped, warmups } = done;
  const named = end.kind === 'alike' ? [] : commits.slice(end.first, end.last + 1);
  const count = (role: BisectRun['role']): number => steps.filter(step => step.role === role).length;
  return {
    ...{ module, metric, thresholdPercent, good: commits[0] as Commit, bad: commits.at(-1) as Commit },
    ...{ candidates: commits.length - 1, verdict: end.kind, commits: named },
    probability: end.kind === 'alike' ? null : end.probability,
    change: end.kind === 'alike' ? null : end.change,
    difference: end.kind === 'alike' ? { low: end.low, high: end.high } : null,
    runs: {
      ...{ total: steps.length, good: count('good'), bad: count('bad'), between: count('between') },
      failed: steps.filter(({ value }) => value === null).length,
      warmups,
    },
    skipped,
    words: [
      ...alikeWords(end, thresholdPercent),
      ...betweenWords(end, commits),
      ...(await mergeWords(done, named)),
    ],
    steps,
  };
}

/** Where good and bad may still differ by what matters. */
function alikeWords(end: BisectEnd, threshold: number): string[] {
  if (end.kind !== 'alike' || end.low === null || end.high === null) return [];
  return Math.max(-end.low, end.high) < threshold ? [] : ['more runs may tell'];
}

function betweenWords(end: BisectEnd, commits: readonly Commit[]): string[] {
  if (end.kind !== 'found' && end.kind !== 'undecided') return [];
  if (end.between.length === 0) return [];
  const names = end.between.map(place => commits[place]?.short).join(', ');
  return [
    `${names}: neither as good nor as bad, so there is more than one change; bisect the rest of the way, too`,
  ];
}

/** A merge brought in a line of its own, in which the search can go on. */
async function mergeWords({ root, module, metric }: Done, named: readonly Commit[]): Promise<string[]> {
  const [commit, ...others] = named;
  const second = commit?.parents[1];
  const fork = commit === undefined || others.length > 0 ? null : await forkOf(root, commit);
  if (fork === null || second === undefined || commit === undefined) return [];
  const range = `--good ${fork.slice(0, commit.short.length)} --bad ${second.slice(0, commit.short.length)}`;
  return [`it is a merge; to look into it: watchkeeper bisect ${module} --metric ${metric} ${range}`];
}

/** `99.4 %`, never more sure than it is. */
export function sureness(probability: number): string {
  return `${roundTo(Math.min(Math.floor(probability * 1000) / 10, 99.9), 1)} %`;
}
