import { compareSamples, judgedTogether } from '../regression/compare-samples.ts';
import type { Comparison } from '../regression/comparison.ts';
import type { WorseWhen } from '../regression/worse.ts';
import { worseWhen } from '../regression/worse.ts';
import type { Interval } from '../stats/hodges-lehmann.ts';
import { kruskalWallis } from '../stats/kruskal-wallis.ts';
import { mean } from '../stats/mean.ts';
import { quantile } from '../stats/quantile.ts';

/** The runs of a module, a revision, a label; oldest first. */
export interface Group {
  name: string;
  values: readonly number[];
}

interface RankedGroup {
  name: string;
  n: number;
  /** Null for a group without a value. */
  median: number | null;
  mean: number | null;
  /** Times the best group's values; 1 for the best one. Null where it cannot be told. */
  ratio: number | null;
  /** Of the ratio. Null for the best one, and where there are too few runs. */
  interval: Interval | null;
  /** Against the best one, corrected for all pairs; null for the best one, and where there are too few runs. */
  p: number | null;
  /** `best`; `as-good`: not to be told from the best; `worse`; `too-few`: too few runs to tell. */
  place: 'best' | 'as-good' | 'worse' | 'too-few';
}

export interface Ranking {
  /** Best first; groups with too few runs last. */
  groups: RankedGroup[];
  /** Every pair whose difference is beyond chance; `better` is the first. */
  differences: { better: string; worse: string; p: number }[];
  /** Whether there is any difference at all (Kruskal and Wallis); null for fewer than two groups. */
  p: number | null;
}

/**
 * Which of several groups of runs is best, and which differences are more than chance.
 *
 * - Convention: ordered by their medians; less is better but for quality and throughput. Each pair is compared by `compareSamples`, all
 *   pairs judged together (Holm): the best one was chosen for being the best, and to compare with it alone would favour differences.
 * - Cost: one comparison a pair: some milliseconds for ten groups.
 *
 * @param options.metric without its module; says which way is better
 * @example rankingOf([{ name: 'a', values: a }, { name: 'b', values: b }], { metric: 'runtimeSeconds' })
 */
export function rankingOf(
  groups: readonly Group[],
  options: { metric?: string | null; worseWhen?: WorseWhen; alpha?: number } = {},
): Ranking {
  const way = options.worseWhen ?? worseWhen(options.metric ?? '') ?? 'more';
  const alpha = options.alpha ?? 0.05;
  const ordered = orderedBy(groups, way);
  const pairs = pairsOf(ordered, way, alpha);
  const best = ordered.find(({ values }) => values.length >= FEWEST);
  return {
    groups: ordered.map(group => rankedGroup(group, best, pairs)),
    differences: pairs
      .filter(({ verdict }) => verdict === 'worse' || verdict === 'better')
      .map(({ verdict, first, second, pAdjusted }) => ({
        better: verdict === 'worse' ? first : second,
        worse: verdict === 'worse' ? second : first,
        p: pAdjusted ?? 1,
      })),
    p: kruskalWallis(ordered.map(({ values }) => values))?.p ?? null,
  };
}

/** Fewer runs are no group to rank by. */
const FEWEST = 3;

type Pair = Comparison & { first: string; second: string };

function orderedBy(groups: readonly Group[], way: 'more' | 'less'): Group[] {
  const finite = groups.map(({ name, values }) => ({ name, values: values.filter(Number.isFinite) }));
  const key = ({ values }: Group): number => {
    const median = quantile(values, 0.5) ?? Number.NaN;
    return way === 'more' ? median : -median;
  };
  const isFew = ({ values }: Group): number => Number(values.length < FEWEST);
  return finite.toSorted((a, b) => isFew(a) - isFew(b) || key(a) - key(b) || 0);
}

function pairsOf(ordered: readonly Group[], way: 'more' | 'less', alpha: number): Pair[] {
  const pairs = ordered.flatMap((first, place) =>
    ordered.slice(place + 1).map(second => ({
      ...compareSamples(first.values, second.values, { worseWhen: way, alpha, thresholdPercent: 0 }),
      ...{ first: first.name, second: second.name },
    })),
  );
  return judgedTogether(pairs);
}

function rankedGroup({ name, values }: Group, best: Group | undefined, pairs: readonly Pair[]): RankedGroup {
  const figures = { name, n: values.length, median: quantile(values, 0.5), mean: mean(values) };
  if (name === best?.name) return { ...figures, ratio: 1, interval: null, p: null, place: 'best' };
  const pair = pairs.find(({ first, second }) => first === best?.name && second === name);
  if (pair === undefined || pair.verdict === 'too-few')
    return { ...figures, ratio: null, interval: null, p: null, place: 'too-few' };
  const { changePercent, intervalPercent, pAdjusted, verdict } = pair;
  return {
    ...figures,
    ratio: changePercent === null ? null : 1 + changePercent / 100,
    interval:
      intervalPercent === null
        ? null
        : { low: 1 + intervalPercent.low / 100, high: 1 + intervalPercent.high / 100 },
    p: pAdjusted,
    place: verdict === 'worse' ? 'worse' : 'as-good',
  };
}
