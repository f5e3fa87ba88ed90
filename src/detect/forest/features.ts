import type { Observation } from '../detector.ts';

/** Turns an observation into the row that a forest sees; NaN where there is no value. The row is written over by the next call. */
export type Features = (values: Observation['values']) => Float32Array;

/** Larger values are taken for this one: a range of them, widened three times, still is a float32. */
export const LARGEST = 1e38;

/** Values that a lone one is compared with. */
const RECENT = 15;

export function featureCount(metrics: number): number {
  return metrics === 1 ? 3 : metrics;
}

/** Many metrics are seen as they are; of a lone one also its difference to the value before, and to the median of the recent ones. */
export function beginFeatures(metrics: number): Features {
  return metrics === 1 ? beginLone() : beginMany(metrics);
}

function beginMany(metrics: number): Features {
  const row = new Float32Array(metrics);
  return values => {
    for (let metric = 0; metric < metrics; metric += 1) row[metric] = limited(values[metric] ?? null);
    return row;
  };
}

function beginLone(): Features {
  const row = new Float32Array(3);
  const ring = new Float64Array(RECENT);
  let seen = 0;
  return values => {
    const value = values[0] ?? null;
    if (value === null) return row.fill(Number.NaN);
    row[0] = limited(value);
    row[1] = seen === 0 ? 0 : limited(value - (ring[(seen - 1) % RECENT] as number));
    row[2] = seen === 0 ? 0 : limited(value - middle(ring.slice(0, Math.min(seen, RECENT)).sort()));
    ring[seen % RECENT] = value;
    seen += 1;
    return row;
  };
}

function middle(sorted: Float64Array): number {
  return sorted[sorted.length >> 1] ?? 0;
}

function limited(value: number | null): number {
  return value === null ? Number.NaN : Math.min(Math.max(value, -LARGEST), LARGEST);
}
