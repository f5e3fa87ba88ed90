import type { BenchFigures } from '../benchmark/figures.ts';
import type { BenchAnswer } from '../questions/bench.ts';
import type { Benched } from '../trials/bench-request.ts';
import { comparisonTable } from './comparison-table.ts';
import { NONE } from './format.ts';
import { metricValue } from './metric-value.ts';
import { table } from './table.ts';

/** A benchmark for a person. @param kept where it was kept */
export function benchLines(answer: Benched, width: number): string[] {
  const { module, runs, warmup, failed, revision, metrics, warnings, kept } = answer;
  const where = revision === null ? '' : `, revision ${revision}`;
  const bad = failed.length === 0 ? '' : `, ${failed.length} failed`;
  return [
    `${module}: ${runs} run(s) after ${warmup} to warm up${bad}${where}`,
    ...(metrics.length === 0 ? [] : ['', ...figuresTable(metrics, width)]),
    ...(warnings.length === 0 ? [] : ['', ...warnings.map(warning => `warning: ${warning}`)]),
    ...comparedLines(answer, width),
    ...(kept === null ? [] : ['', `kept in ${kept}`]),
  ];
}

/** Below this much a person reads noise: reads and writes are then in the JSON alone. */
const LEAST_MB = 1;

function isShown({ metric, max }: BenchFigures): boolean {
  return !DISK_METRICS.includes(metric) || max >= LEAST_MB;
}

const DISK_METRICS = ['diskReadMb', 'diskWrittenMb'];

function figuresTable(metrics: readonly BenchFigures[], width: number): string[] {
  const rows = metrics
    .filter(isShown)
    .map(({ metric, mean, standardDeviation, noisePercent, outliers, ...ends }) => {
      const value = (each: number | null): string => metricValue(metric, each);
      const noise = noisePercent === null ? NONE : `${noisePercent.toFixed(1)} %`;
      const wild = outliers.map(({ run, value: far }) => `${value(far)} (run ${run})`);
      return [
        ...[metric, value(mean), `± ${value(standardDeviation)}`, noise],
        ...[ends.min, ends.median, ends.p95, ends.max].map(value),
        wild.join(', ') || NONE,
      ];
    });
  const head = ['metric', 'mean', '± deviation', 'noise', 'min', 'median', 'p95', 'max', 'outliers'];
  return table([head, ...rows], 1, width);
}

function comparedLines({ comparisons, regressions, metrics }: BenchAnswer, width: number): string[] {
  if (comparisons.length === 0) return [];
  const hidden = metrics.filter(figures => !isShown(figures)).map(({ metric }) => metric);
  const named = comparisons
    .filter(({ metric, verdict }) => verdict === 'worse' || !hidden.includes(metric))
    .map(each => ({ ...each, name: each.metric }));
  const sum = regressions === 0 ? 'nothing is worse' : `${regressions} metric(s) are worse`;
  return ['', ...comparisonTable(named, 'now', width), '', sum];
}
