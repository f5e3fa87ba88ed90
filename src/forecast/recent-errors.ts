import { knownSteps, type Plan, type Trial } from './rolling-origin.ts';

/** Errors at neighbouring steps count together: from this share of the step to its inverse. */
const NEIGHBOURS = 0.6;

/**
 * How far off a forecaster has been of late, by step: one array for each origin, and one for the end of the series.
 *
 * - Purpose: the weights of the ensemble, which at each origin may know only what was known there.
 * - Convention: mean absolute error of forecasts whose value had come by then, a step together with its neighbours; an error counts half
 *   as much after `halfLife` values. NaN where none had come.
 * - Cost: O(origins * steps).
 */
export function recentErrors(
  trial: Trial,
  values: Float64Array,
  plan: Plan,
  halfLife: number,
): Float64Array[] {
  const { origins, steps } = plan;
  const sums = new Float64Array(steps);
  const counts = new Float64Array(steps);
  const seen = new Int32Array(steps); // origins whose value at this step is taken in
  let before = 0;
  return [...origins, values.length].map(now => {
    fade(sums, counts, 0.5 ** ((now - before) / halfLife));
    before = now;
    for (let step = 0; step < steps; step += 1) {
      for (let next = seen[step] as number; next < origins.length; next += 1) {
        const target = (origins[next] as number) + step;
        if (target >= now) break;
        const weight = 0.5 ** ((now - target) / halfLife);
        const error = Math.abs((values[target] as number) - ((trial[next] as Float64Array)[step] as number));
        sums[step] = (sums[step] as number) + weight * error;
        counts[step] = (counts[step] as number) + weight;
        seen[step] = next + 1;
      }
    }
    return pooled(sums, counts);
  });
}

/** Signed errors: value less forecast, by step; one array an origin, as long as what is known of it. */
export function errorsOf(trial: Trial, values: Float64Array, plan: Plan): Float64Array[] {
  return plan.origins.map((origin, index) =>
    Float64Array.from(
      { length: knownSteps(origin, plan, values.length) },
      (_, step) => (values[origin + step] as number) - ((trial[index] as Float64Array)[step] as number),
    ),
  );
}

function fade(sums: Float64Array, counts: Float64Array, factor: number): void {
  for (let step = 0; step < sums.length; step += 1) {
    sums[step] = (sums[step] as number) * factor;
    counts[step] = (counts[step] as number) * factor;
  }
}

/** Where no neighbour is known either: the longest step that is. */
function pooled(sums: Float64Array, counts: Float64Array): Float64Array {
  const sumsTo = runningSums(sums);
  const countsTo = runningSums(counts);
  let last = Number.NaN;
  return sums.map((_, step) => {
    const from = Math.ceil((step + 1) * NEIGHBOURS) - 1;
    const to = Math.min(Math.floor((step + 1) / NEIGHBOURS), sums.length);
    const count = (countsTo[to] as number) - (countsTo[from] as number);
    if (count > 0) last = Math.max(((sumsTo[to] as number) - (sumsTo[from] as number)) / count, 0);
    return last;
  });
}

function runningSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let at = 0; at < values.length; at += 1) sums[at + 1] = (sums[at] as number) + (values[at] as number);
  return sums;
}
