import { quantile } from '../stats/quantile.ts';
import { studentQuantile } from '../stats/student-quantile.ts';
import { errorsOf } from './recent-errors.ts';
import { FEWEST_ORIGINS, type Plan, type Trial } from './rolling-origin.ts';

/** Errors at neighbouring steps count together: from this share of the step to its inverse. */
const NEIGHBOURS = 0.7;

/** With fewer origins than this the extremes of the errors are not known: the interval is that of normal errors where that is wider. */
const MANY_ORIGINS = 40;

/** A change counts half as much after so many values; one in ten of the usual unrest is always there. */
const UNREST = { halfLife: 50, least: 0.1 };

/**
 * How far above and below its forecast a value may lie, by step, so that the share `level` of values lies within: as far as the forecasts of
 * the past were off, measured against how restless the series was then and is now.
 *
 * - Convention: the quantile `level` (1 + 1 / origins) of the absolute errors at about the same step (split conformal prediction), each divided
 *   by the root of the unrest at its origin and multiplied by that of the end. A step that
 *   fewer than 5 origins know has the width of the last one that more know, times the root of the steps. Null where no step is known so.
 * - Cost: O(origins * steps^2 / 1.4 * log) for sorting.
 * - Source: Vovk, Gammerman and Shafer, "Algorithmic Learning in a Random World" (2005); normalised errors as in Papadopoulos, Gammerman and
 *   Vovk, "Normalized nonconformity measures" (2008). Half of the unrest (the root) covered best in the benchmark.
 */
export function marginsOf(
  trial: Trial,
  values: Float64Array,
  plan: Plan,
  level: number,
): Float64Array | null {
  const unrest = unrestBefore(values);
  const errors = errorsOf(trial, values, plan).map((each, index) => {
    const then = unrest[plan.origins[index] as number] as number;
    return each.map(error => Math.abs(error) / then);
  });
  const now = unrest[values.length] as number;
  const margins = new Float64Array(plan.steps);
  let base: { step: number; width: number } | null = null;
  for (let step = 0; step < plan.steps; step += 1) {
    const origins = errors.filter(({ length }) => length > step).length;
    if (origins >= FEWEST_ORIGINS) base = { step, width: widthOf(nearby(errors, step), origins, level) };
    if (base === null) return null;
    margins[step] = base.width * now * Math.sqrt((step + 1) / (base.step + 1));
  }
  return margins;
}

/** The root of the mean change of late, over that of the whole series, before each value and behind the last one. */
function unrestBefore(values: Float64Array): Float64Array {
  const whole = meanChange(values);
  const keep = 0.5 ** (1 / UNREST.halfLife);
  const unrest = new Float64Array(values.length + 1).fill(1);
  let sum = 0;
  let weight = 0;
  for (let at = 1; at < values.length; at += 1) {
    sum = keep * sum + Math.abs((values[at] as number) - (values[at - 1] as number));
    weight = keep * weight + 1;
    if (whole > 0) unrest[at + 1] = Math.sqrt(sum / weight / whole + UNREST.least);
  }
  return unrest;
}

function meanChange(values: Float64Array): number {
  let sum = 0;
  for (let at = 1; at < values.length; at += 1)
    sum += Math.abs((values[at] as number) - (values[at - 1] as number));
  return values.length < 2 ? 0 : sum / (values.length - 1);
}

function nearby(errors: readonly Float64Array[], step: number): Float64Array {
  const from = Math.ceil((step + 1) * NEIGHBOURS) - 1;
  const parts = errors.map(each => each.subarray(from, Math.floor((step + 1) / NEIGHBOURS)));
  const near = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    near.set(part, at);
    at += part.length;
  }
  return near;
}

function widthOf(errors: Float64Array, origins: number, level: number): number {
  const width = quantile(errors, Math.min(1, level * (1 + 1 / origins))) ?? 0;
  if (origins >= MANY_ORIGINS) return width;
  const variance = errors.reduce((sum, error) => sum + error * error, 0) / errors.length;
  return Math.max(width, studentQuantile(1 - level, origins - 1) * Math.sqrt(variance * (1 + 1 / origins)));
}
