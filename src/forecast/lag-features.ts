/**
 * What a learner is shown to tell the next value: the latest values, those about one season ago, and the place in the season. All values are
 * taken as distances from the mean of the latest ones, and so is the answer: what was learned at one level holds at another.
 */
export interface LagShape {
  /** So many of the latest values. */
  lags: number;
  /** Null: no season. */
  period: number | null;
}

const MOST_LAGS = 10;
/** The values before and after the same place of the last season are shown too. */
const ABOUT_SEASON = 1;

export function lagShape(length: number, period: number | null): LagShape {
  const lags = Math.max(2, Math.min(MOST_LAGS, Math.floor(length / 10)));
  return { lags, period: period !== null && length >= 3 * period ? period : null };
}

/** How many values have to lie before the first one that can be told. */
function reachOf({ lags, period }: LagShape): number {
  return Math.max(lags, period === null ? 0 : period + ABOUT_SEASON);
}

export function featureCount({ lags, period }: LagShape): number {
  return lags + (period === null ? 0 : 2 * ABOUT_SEASON + 3);
}

/** The mean of the latest values before value `at`. */
function anchorOf(values: Float64Array, at: number, { lags }: LagShape): number {
  let sum = 0;
  for (let back = 1; back <= lags; back += 1) sum += values[at - back] as number;
  return sum / lags;
}

/** Fills one row at `offset`; returns the anchor. `values` is known up to `at`, which has the number `first + at` in the series. */
function fillRow(
  into: Float64Array,
  offset: number,
  values: Float64Array,
  at: number,
  first: number,
  shape: LagShape,
): number {
  const anchor = anchorOf(values, at, shape);
  const { lags, period } = shape;
  for (let back = 1; back <= lags; back += 1)
    into[offset + back - 1] = (values[at - back] as number) - anchor;
  if (period === null) return anchor;
  let place = offset + lags;
  for (let about = -ABOUT_SEASON; about <= ABOUT_SEASON; about += 1) {
    into[place] = (values[at - period + about] as number) - anchor;
    place += 1;
  }
  const angle = (2 * Math.PI * ((first + at) % period)) / period;
  into[place] = Math.cos(angle);
  into[place + 1] = Math.sin(angle);
  return anchor;
}

/** The rows that a learner is taught by, the latest ones where there are more than `most`. */
export interface Lesson {
  rows: Float64Array;
  targets: Float64Array;
  features: number;
}

export function lessonOf(values: Float64Array, shape: LagShape, most: number): Lesson {
  const features = featureCount(shape);
  const from = Math.max(reachOf(shape), values.length - most);
  const count = Math.max(values.length - from, 0);
  const rows = new Float64Array(count * features);
  const targets = new Float64Array(count);
  for (let row = 0; row < count; row += 1) {
    const anchor = fillRow(rows, row * features, values, from + row, 0, shape);
    targets[row] = (values[from + row] as number) - anchor;
  }
  return { rows, targets: heldIn(targets), features };
}

/** An outlier teaches no more than a value at this many mean distances: errors of forests and networks on spiky series halve by it. */
const FARTHEST = 2;

function heldIn(targets: Float64Array): Float64Array {
  const far = (FARTHEST * targets.reduce((sum, target) => sum + Math.abs(target), 0)) / targets.length;
  return targets.map(target => Math.min(Math.max(target, -far), far));
}

/** Tells one step after the other, each told value standing in for the real one in what the next is told from. */
export function toldAhead(
  history: Float64Array,
  steps: number,
  shape: LagShape,
  tell: (row: Float64Array) => number,
): Float64Array {
  const reach = Math.min(reachOf(shape), history.length);
  const first = history.length - reach;
  const known = new Float64Array(reach + steps);
  known.set(history.subarray(first));
  const row = new Float64Array(featureCount(shape));
  for (let at = reach; at < known.length; at += 1) {
    const anchor = fillRow(row, 0, known, at, first, shape);
    known[at] = anchor + tell(row);
  }
  return known.subarray(reach);
}
