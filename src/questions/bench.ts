import { referenceOf } from '../baseline/make-baseline.ts';
import { type BenchFigures, benchFigures, type RunValue } from '../benchmark/figures.ts';
import { benchWarnings } from '../benchmark/warnings.ts';
import type { BenchResult, Machine } from '../glossary/benchmark.ts';
import type { Run } from '../glossary/run.ts';
import type { HistoryReader } from '../history-reader.ts';
import { metricValues } from '../judge/values.ts';
import { compareSamples, judgedTogether } from '../regression/compare-samples.ts';
import type { Comparison } from '../regression/comparison.ts';

/** What was run, and what it is to be compared with. */
export interface BenchFacts {
  module: string;
  /** ISO 8601, of the beginning. */
  time: string;
  revision: string | null;
  machine: Machine;
  warmup: number;
  /** Those that count, in their order. */
  runs: readonly Run[];
  /** The last result that was kept of this module; null: none. */
  kept: BenchResult | null;
  /** Smaller changes of a metric do not matter, in its own unit. */
  floorOf(metric: string): number;
}

interface BenchComparison extends Comparison {
  metric: string;
  /** In words. */
  against: string;
}

export interface BenchAnswer {
  module: string;
  time: string;
  revision: string | null;
  machine: Machine;
  warmup: number;
  /** How many were to count, those that failed included. */
  runs: number;
  failed: { run: number; outcome: Run['outcome']; reason: string | null }[];
  /** Of the runs that succeeded. */
  metrics: BenchFigures[];
  /** In words: why the figures may mislead. */
  warnings: string[];
  /** Judged together: the chance of any false verdict among them is below their `alpha`. */
  comparisons: BenchComparison[];
  regressions: number;
}

/** What a benchmark says: figures of each metric, and how they compare with the baseline that was set and with the last result. */
export function benchAnswer(reader: Pick<HistoryReader, 'baseline'>, facts: BenchFacts): BenchAnswer {
  const { module, time, revision, machine, warmup, runs, kept } = facts;
  const metrics = [...valuesOf(runs)].map(([metric, points]) => benchFigures(metric, points));
  const runtime = metrics.find(({ metric }) => metric === 'runtimeSeconds');
  const comparisons = judgedTogether([
    ...metrics.flatMap(figures => againstBaseline(reader, facts, figures)),
    ...metrics.flatMap(figures => againstKept(facts, figures)),
  ]);
  return {
    ...{ module, time, revision, machine, warmup, runs: runs.length },
    failed: runs.flatMap(({ outcome, reason }, index) =>
      outcome === 'ok' ? [] : [{ run: index + 1, outcome, reason }],
    ),
    metrics,
    warnings: [
      ...(runtime === undefined ? [] : benchWarnings(runtime, warmup)),
      ...(kept === null ? [] : machineWarning(machine, kept.machine)),
    ],
    comparisons,
    regressions: comparisons.filter(({ verdict }) => verdict === 'worse').length,
  };
}

/** What of a benchmark is kept for the next one. */
export function benchResult({ module, time, revision, machine, warmup, metrics }: BenchAnswer): BenchResult {
  const values = Object.fromEntries(metrics.map(figures => [figures.metric, figures.values]));
  return { module, time, revision, machine, warmup, values };
}

function valuesOf(runs: readonly Run[]): Map<string, RunValue[]> {
  const values = runs.flatMap((run, index) =>
    run.outcome === 'ok'
      ? metricValues(run).map(([metric, value]) => ({ metric, run: index + 1, value }))
      : [],
  );
  return Map.groupBy(values, ({ metric }) => metric);
}

function againstBaseline(
  reader: Pick<HistoryReader, 'baseline'>,
  { module, floorOf }: BenchFacts,
  { metric, values }: BenchFigures,
): BenchComparison[] {
  const baseline = reader.baseline(module, metric);
  if (baseline === null) return [];
  const reference = baseline.values.length > 0 ? baseline.values : referenceOf(baseline);
  const comparison = compareSamples(reference, values, { metric, floor: floorOf(metric) });
  return [{ metric, against: `the baseline of ${baseline.setAt.slice(0, 10)}`, ...comparison }];
}

function againstKept({ kept, floorOf }: BenchFacts, { metric, values }: BenchFigures): BenchComparison[] {
  const reference = kept !== null && Object.hasOwn(kept.values, metric) ? kept.values[metric] : undefined;
  if (kept === null || reference === undefined) return [];
  const comparison = compareSamples(reference, values, { metric, floor: floorOf(metric) });
  const revision = kept.revision === null ? '' : `, ${kept.revision}`;
  return [{ metric, against: `${kept.time.slice(0, 16).replace('T', ' ')}${revision}`, ...comparison }];
}

function machineWarning(now: Machine, before: Machine): string[] {
  const keys = ['cpu', 'cores', 'memoryMb', 'system', 'node'] as const;
  const changed = keys.filter(key => now[key] !== before[key]);
  if (changed.length === 0) return [];
  const words = changed.map(key => `${key} ${before[key]}, now ${now[key]}`).join('; ');
  return [`the last result is of another machine (${words}): a difference need not be the module's`];
}
