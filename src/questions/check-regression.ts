import { referenceOf } from '../baseline/make-baseline.ts';
import { type Season, seasonIn, withoutSeason } from '../baseline/season.ts';
import { compareSamples, judgedTogether } from '../regression/compare-samples.ts';
import type { Comparison } from '../regression/comparison.ts';
import type { Reference } from '../regression/reference.ts';
import { quantile } from '../stats/quantile.ts';
import { COUNTED_METRICS, type Point } from '../types.ts';
import { metricsOf, modulesAsked } from './module-metrics.ts';
import type { HistoryReader } from './reader.ts';

/** So many runs, or those of so much time. */
type Extent = { runs: number } | { ms: number };

/** What recent runs are compared with. `before`: the runs just before them; `previous-week`: those of the seven days before. */
export type Against = 'baseline' | 'before' | 'previous-week' | { revision: string };

export interface RegressionQuestion {
  /** Default: all that have runs. */
  module?: string;
  /** Default: all that its newest runs have, but for disk traffic and context switches. */
  metric?: string;
  /** Default: 20 runs. */
  recent?: Extent;
  /** Default: the baseline that was set, else the runs before. */
  against?: Against;
  /** Smaller changes do not matter. Default: 3 percent. */
  thresholdPercent?: number;
  /** For accuracy, precision, recall and f1Score, as a share. Default: 0.01. */
  degradationThreshold?: number;
  /** Smaller changes of a metric do not matter, in its own unit. */
  floorOf?(module: string, metric: string): number;
}

export interface RegressionCheck extends Comparison {
  module: string;
  metric: string;
  /** In words: what the recent runs were compared with. */
  against: string;
}

export interface RegressionAnswer {
  checkedAt: string;
  /** How many of the checks found something worse. */
  regressions: number;
  /** By module and metric. Judged together: the chance of any false verdict among them is below `alpha`. */
  checks: RegressionCheck[];
}

const DEFAULT_RECENT = { runs: 20 };
const WEEK_MS = 7 * 86_400_000;

/** So many runs before the recent ones are compared with, and at most so many of any other reference. */
const BEFORE = 200;
const MOST = 5_000;

/**
 * Whether recent runs are worse than before: for each metric by how much, with an interval, and how sure that is.
 *
 * @throws WatchkeeperError 'usage' where the module has no runs
 */
export function checkRegression(
  reader: HistoryReader,
  question: RegressionQuestion,
  nowMs: number,
): RegressionAnswer {
  const modules = modulesAsked(reader, question.module ?? null);
  const checks = modules.flatMap(module => {
    const metrics = question.metric === undefined ? judgedMetrics(reader, module) : [question.metric];
    return metrics.map(metric => checkOf(reader, question, { module, metric }, nowMs));
  });
  const judged = judgedTogether(checks);
  const regressions = judged.filter(({ verdict }) => verdict === 'worse').length;
  return { checkedAt: new Date(nowMs).toISOString(), regressions, checks: judged };
}

/** Disk traffic and context switches make noise: they are checked where they are named, as the rule does it. */
function judgedMetrics(reader: HistoryReader, module: string): string[] {
  const counted: readonly string[] = COUNTED_METRICS;
  return metricsOf(reader, module).filter(metric => !counted.includes(metric));
}

interface Asked {
  module: string;
  metric: string;
}

interface Found {
  reference: Reference;
  timesMs: readonly number[];
  recent: Point[];
  words: string;
}

function checkOf(
  reader: HistoryReader,
  question: RegressionQuestion,
  { module, metric }: Asked,
  nowMs: number,
): RegressionCheck {
  const found = samplesOf(reader, question, { module, metric }, nowMs);
  const { reference, recent } = withoutRhythm(found, rhythmOf(reader, { module, metric }, found, nowMs));
  const { thresholdPercent, degradationThreshold, floorOf } = question;
  const comparison = compareSamples(reference, recent, {
    metric,
    ...(thresholdPercent === undefined ? {} : { thresholdPercent }),
    ...(degradationThreshold === undefined ? {} : { degradationThreshold }),
    ...(floorOf === undefined ? {} : { floor: floorOf(module, metric) }),
  });
  return { module, metric, against: found.words, ...comparison };
}

function samplesOf(
  reader: HistoryReader,
  { recent: extent = DEFAULT_RECENT, against }: RegressionQuestion,
  { module, metric }: Asked,
  nowMs: number,
): Found {
  const values = (range: Parameters<HistoryReader['values']>[2]): Point[] =>
    reader.values(module, metric, range);
  const recent = values(
    'runs' in extent ? { newest: extent.runs } : { sinceMs: nowMs - extent.ms, newest: MOST },
  );
  const beginMs = recent[0]?.timeMs ?? nowMs;
  const baseline = against === undefined || against === 'baseline' ? reader.baseline(module, metric) : null;
  if (baseline !== null) {
    const { values: made, timesMs, setAt } = baseline;
    const reference = made.length > 0 ? made : referenceOf(baseline);
    const since = recent.filter(point => point.timeMs > (timesMs.at(-1) ?? 0)); // nothing is compared with itself
    return { reference, timesMs, recent: since, words: `the baseline of ${setAt.slice(0, 10)}` };
  }
  if (against === 'baseline') return sampled([], recent, 'a baseline, and none was set');
  if (against === 'previous-week') {
    const range = { sinceMs: beginMs - WEEK_MS, untilMs: beginMs - 1, newest: MOST };
    return sampled(values(range), recent, 'the seven days before');
  }
  if (typeof against === 'object') {
    const { revision } = against;
    const isOf = (point: Point): boolean => (point.revision ?? '').replace(/\+$/, '').startsWith(revision);
    return sampled(
      values({ newest: MOST }).filter(isOf),
      recent.filter(point => !isOf(point)),
      `revision ${revision}`,
    );
  }
  const before = values({ newest: BEFORE + recent.length }).slice(0, -recent.length || undefined);
  return sampled(recent.length === 0 ? [] : before, recent, `the ${before.length} run(s) before`);
}

function sampled(reference: readonly Point[], recent: Point[], words: string): Found {
  return {
    reference: reference.map(each => each.value),
    timesMs: reference.map(each => each.timeMs),
    recent,
    words,
  };
}

/**
 * The rhythm of the day: that of the last two weeks' hours, for runs so frequent that the reference covers less than some days; else that of
 * the reference itself.
 */
function rhythmOf(
  reader: HistoryReader,
  { module, metric }: Asked,
  { reference, timesMs }: Found,
  nowMs: number,
): Season | null {
  const hours = reader.rollups(module, metric, {}, 'hour', { sinceMs: nowMs - 2 * WEEK_MS });
  const ofHours = seasonIn(
    hours.map(({ p50 }) => p50),
    hours.map(({ startMs }) => startMs),
    null,
  );
  const season = ofHours ?? (Array.isArray(reference) ? seasonIn(reference, timesMs, null) : null);
  return season?.by === 'hour' ? season : null;
}

/** Runs at noon are compared with noon. */
function withoutRhythm(
  { reference, timesMs, recent }: Found,
  season: Season | null,
): { reference: Reference; recent: number[] } {
  const values = recent.map(({ value }) => value);
  if (season === null || !Array.isArray(reference)) return { reference, recent: values };
  const recentTimes = recent.map(({ timeMs }) => timeMs);
  const adjusted = withoutSeason(values, recentTimes, season);
  // Below 0 the figures would lose their meaning: a rhythm as large as its level is left in.
  if ((quantile(adjusted, 0) ?? 0) <= 0) return { reference, recent: values };
  return { reference: withoutSeason(reference, timesMs, season), recent: adjusted };
}
