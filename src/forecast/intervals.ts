import { studentQuantile } from '../stats/student-quantile.ts';

/** How far above and below its forecast a value may lie, by step. */
export interface Margins {
  /** Negative mostly: what is added to the forecast for the lower bound. */
  below: Float64Array;
  above: Float64Array;
}

/** Errors at neighbouring steps count together: from this share of the step to its inverse. */
const NEIGHBOURS = 0.7;

/** Fewer origins than this say nothing of a step: it takes the errors of the last one that has so many, wider by the root of the steps. */
const FEWEST_ORIGINS = 5;

export interface MarginSettings {
  symmetric: boolean;
  weightHalf: number;
}
export const MARGIN = { symmetric: false, half: 0, student: 40 };

export function marginsOf(errors: readonly Float64Array[], steps: number, level: number): Margins | null {
  const below = new Float64Array(steps);
  const above = new Float64Array(steps);
  let base: { step: number; low: number; high: number } | null = null;
  for (let step = 0; step < steps; step += 1) {
    const near = nearby(errors, step);
    if (near.origins >= FEWEST_ORIGINS) {
      const [low, high] = bounds(near.errors, near.weights, near.origins, level);
      base = { step, low, high };
    }
    if (base === null) return null;
    const growth = Math.sqrt((step + 1) / (base.step + 1));
    below[step] = base.low * growth;
    above[step] = base.high * growth;
  }
  return { below, above };
}

function nearby(
  errors: readonly Float64Array[],
  step: number,
): { errors: number[]; weights: number[]; origins: number } {
  const from = Math.ceil((step + 1) * NEIGHBOURS) - 1;
  const to = Math.floor((step + 1) / NEIGHBOURS);
  const found: number[] = [];
  const weights: number[] = [];
  let origins = 0;
  for (const [index, each] of errors.entries()) {
    const part = each.subarray(from, to);
    if (each.length > step) origins += 1;
    const weight = MARGIN.half > 0 ? 0.5 ** ((errors.length - 1 - index) / errors.length / MARGIN.half) : 1;
    for (const error of part) {
      found.push(error);
      weights.push(weight);
    }
  }
  return { errors: found, weights, origins };
}

function bounds(
  errors: number[],
  weights: number[],
  origins: number,
  level: number,
): [low: number, high: number] {
  const order = errors.map((_, i) => i).sort((a, b) => (errors[a] as number) - (errors[b] as number));
  const q = (p: number): number => {
    let total = 0;
    for (const w of weights) total += w;
    let sum = 0;
    for (const i of order) {
      sum += weights[i] as number;
      if (sum >= p * total) return errors[i] as number;
    }
    return errors[order.at(-1) as number] as number;
  };
  let low: number, high: number;
  const beyond = Math.min(1, (1 - level) * 1);
  const n = origins;
  const p = Math.max(0, beyond / 2 - (0.5 * beyond) / Math.max(n, 1));
  if (MARGIN.symmetric) {
    const abs = errors.map(Math.abs);
    const ord = abs.map((_, i) => i).sort((a, b) => (abs[a] as number) - (abs[b] as number));
    let total = 0;
    for (const w of weights) total += w;
    let sum = 0;
    let r = abs[ord.at(-1) as number] as number;
    for (const i of ord) {
      sum += weights[i] as number;
      if (sum >= Math.min(1, level * (1 + 1 / n)) * total) {
        r = abs[i] as number;
        break;
      }
    }
    low = -r;
    high = r;
  } else {
    low = q(p);
    high = q(1 - p);
  }
  if (n < MARGIN.student) {
    let ss = 0,
      w = 0;
    for (const [i, e] of errors.entries()) {
      ss += (weights[i] as number) * e * e;
      w += weights[i] as number;
    }
    const half = studentQuantile(1 - level, Math.max(n - 1, 1)) * Math.sqrt((ss / w) * (1 + 1 / n));
    low = Math.min(low, -half);
    high = Math.max(high, half);
  }
  return [low, high];
}
