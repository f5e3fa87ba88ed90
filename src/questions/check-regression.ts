import { WatchkeeperError } from '../errors.ts';
import { COUNTED_METRICS } from '../glossary/run.ts';
import type { HistoryReader } from '../history-reader.ts';
import { compareSamples, judgedTogether } from '../regression/compare-samples.ts';
import type { Comparison } from '../regression/comparison.ts';
import { type TailChange, tailChange } from '../regression/tail-change.ts';
import { metricsOf, modulesAsked } from './module-metrics.ts';
import { withoutRhythm } from './regression/rhythm.ts';
import { type Against, type Asked, type Extent, nothingAgainst, samplesOf } from './regression/samples.ts';

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
  /** Of a time, its p95 by itself: no part of the verdict. Null where there are fewer than 100 runs on a side. */
  p95: TailChange | null;
}

export interface RegressionAnswer {
  checkedAt: string;
  /** How many of the checks found something worse. */
  regressions: number;
  /** By module and metric. Judged together: the chance of any false verdict among them is below `alpha`. */
  checks: RegressionCheck[];
}

const DEFAULT_RECENT = { runs: 20 };

/**
 * Whether recent runs are worse than before: for each metric by how much, with an interval, and how sure that is.
 *
 * @throws WatchkeeperError 'usage' where the module, the metric, the baseline or the revision that is named is not known
 */
export function checkRegression(
  reader: HistoryReader,
  question: RegressionQuestion,
  nowMs: number,
): RegressionAnswer {
  refuse(question);
  const modules = modulesAsked(reader, question.module ?? null);
  const asked = metricsAsked(reader, modules, question.metric ?? null);
  const checks = asked.flatMap(each => checkOf(reader, question, each, nowMs));
  if (asked.length > 0 && checks.length === 0) nothingAgainst(reader, question.against ?? null, modules);
  const judged = judgedTogether(checks);
  const regressions = judged.filter(({ verdict }) => verdict === 'worse').length;
  return { checkedAt: new Date(nowMs).toISOString(), regressions, checks: judged };
}

function refuse({ thresholdPercent = 0, degradationThreshold = 0 }: RegressionQuestion): void {
  if (!(thresholdPercent >= 0))
    throw new WatchkeeperError('usage', `a threshold is 0 percent or more, not ${thresholdPercent}`);
  if (!(degradationThreshold >= 0 && degradationThreshold <= 1))
    throw new WatchkeeperError(
      'usage',
      `a degradation threshold is a share from 0 to 1, such as 0.02, not ${degradationThreshold}`,
    );
}

/** Disk traffic and context switches make noise: they are checked where they are named, as the rule does it. */
const COUNTED: readonly string[] = COUNTED_METRICS;

/** @throws WatchkeeperError 'usage' where a metric is named that none of the modules has */
function metricsAsked(reader: HistoryReader, modules: readonly string[], metric: string | null): Asked[] {
  const found = modules.flatMap(module => metricsOf(reader, module).map(each => ({ module, metric: each })));
  if (metric === null) return found.filter(each => !COUNTED.includes(each.metric));
  const isNamed = (each: { metric: string }): boolean => each.metric === metric;
  const sources = [
    ...found.filter(isNamed).map(({ module }) => module),
    ...reader
      .seriesNames()
      .filter(isNamed)
      .map(({ source }) => source),
  ];
  const named = modules.filter(module => sources.includes(module));
  if (named.length > 0) return named.map(module => ({ module, metric }));
  const known = [...new Set(found.map(each => each.metric))].join(', ');
  const hint = known === '' ? 'no run has succeeded yet' : `the metrics are ${known}`;
  throw new WatchkeeperError('usage', `no run has a metric '${metric}': ${hint}`);
}

/** Of times people ask for the slowest runs as well. */
const isTime = (metric: string): boolean => /(?:Seconds|Ms|_seconds|_ms)$/.test(metric);

/** None where there is nothing to compare with. */
function checkOf(
  reader: HistoryReader,
  question: RegressionQuestion,
  asked: Asked,
  nowMs: number,
): RegressionCheck[] {
  const { recent = DEFAULT_RECENT, against = null, thresholdPercent, degradationThreshold } = question;
  const samples = samplesOf({ reader, asked, recent, nowMs }, against);
  if (samples === null) return [];
  const { module, metric } = asked;
  const floor = question.floorOf?.(module, metric);
  const options = { metric, thresholdPercent, degradationThreshold, floor };
  const compared = withoutRhythm(reader, asked, samples, nowMs);
  const comparison = compareSamples(compared.reference, compared.recent, options);
  const p95 = isTime(metric) ? tailChange(compared.reference, compared.recent) : null;
  return [{ module, metric, against: samples.words, ...comparison, p95 }];
}
