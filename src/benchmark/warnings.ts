import { mannKendall } from '../stats/mann-kendall.ts';
import { mannWhitney } from '../stats/mann-whitney.ts';
import { quantile } from '../stats/quantile.ts';
import { roundTo } from '../stats/round.ts';
import { sampleSize } from '../stats/sample-size.ts';
import { standardDeviation } from '../stats/spread.ts';
import { theilSen } from '../stats/theil-sen.ts';
import type { BenchFigures } from './figures.ts';

/** Of what was not asked for but found. */
const ALPHA = 0.01;
/** Less is of no interest, in percent of the level. */
const LEAST_PERCENT = 3;
/** The first of the runs, as a share. */
const FIRST_SHARE = 1 / 5;
/** Fewer runs have no beginning to speak of, and no noise. */
const FEWEST = 8;
/** The change that a benchmark should be able to show. */
const WANTED = { percent: 5, power: 0.8, alpha: 0.05 };
/** Of Mann and Whitney's test where the noise is normal. */
const EFFICIENCY = 3 / Math.PI;

/** Why the runtimes of a benchmark may mislead, in words; empty where nothing speaks against them. */
export function benchWarnings(runtime: BenchFigures, warmup: number): string[] {
  const first = firstRunsWarning(runtime, warmup);
  return [
    first,
    outlierWarning(runtime),
    first === null ? driftWarning(runtime) : null,
    noiseWarning(runtime),
  ].filter(warning => warning !== null);
}

/** Caches that fill, files that are read for the first time: what a warm-up is for. */
function firstRunsWarning({ values, outliers }: BenchFigures, warmup: number): string | null {
  if (values.length < FEWEST) return null;
  const advice = `let ${Math.max(3, 2 * warmup)} warm-up runs come before what counts`;
  const count = Math.max(3, Math.round(values.length * FIRST_SHARE));
  const percent = slowerPercent(values.slice(0, count), values.slice(count));
  const alone = slowerPercent(values.slice(0, 1), values.slice(1));
  if (outliers.some(({ run }) => run === 1) && alone >= LEAST_PERCENT)
    return `the first run was ${shown(alone)} % slower than the others: ${advice}`;
  const test = mannWhitney(values.slice(0, count), values.slice(count));
  if (test === null || test.p > ALPHA || percent < LEAST_PERCENT) return null;
  return `the first ${count} runs were ${shown(percent)} % slower than the others: ${advice}`;
}

function slowerPercent(first: readonly number[], others: readonly number[]): number {
  const [before, after] = [quantile(first, 0.5) ?? 0, quantile(others, 0.5) ?? 0];
  return after > 0 ? 100 * (before / after - 1) : 0;
}

function outlierWarning({ outliers, n }: BenchFigures): string | null {
  if (outliers.length === 0) return null;
  const runs = outliers.map(({ run }) => run).join(', ');
  const which = outliers.length === 1 ? `run ${runs} is an outlier` : `runs ${runs} are outliers`;
  return `${which} (of ${n}): something else was busy on this machine, or the module does more now and then; they are in the figures`;
}

function driftWarning({ values, median }: BenchFigures): string | null {
  const test = mannKendall(values);
  if (test === null || test.p > ALPHA || values.length < FEWEST || median <= 0) return null;
  const line = theilSen(
    values.map((_, index) => index),
    values,
    ALPHA,
  );
  const percent = (100 * (line?.slope ?? 0) * (values.length - 1)) / median;
  if (Math.abs(percent) < LEAST_PERCENT) return null;
  const way = percent > 0 ? 'slower' : 'faster';
  return `the runs became ${shown(Math.abs(percent))} % ${way} from the first to the last: the machine was not steady`;
}

/** Whether a change of some size would show between two such benchmarks. */
function noiseWarning({ values }: BenchFigures): string | null {
  if (values.length < FEWEST || !values.every(value => value > 0)) return null;
  const noise = standardDeviation(values.map(Math.log)) ?? 0;
  const { percent, power, alpha } = WANTED;
  const needed = sampleSize({
    difference: Math.log1p(percent / 100),
    noise,
    power,
    alpha,
    efficiency: EFFICIENCY,
  });
  if (needed !== null && needed <= values.length) return null;
  const advice = needed === null ? 'no number of runs would do' : `that takes ${needed} runs`;
  return `the noise is too high to see a change of ${percent} %: ${advice}, or a quieter machine`;
}

const shown = (percent: number): string => String(roundTo(percent, percent < 10 ? 1 : 0));
