/** The orders of a seasonal ARIMA model, (p, d, q)(P, D, Q) with a season of `period` values. */
export interface ArimaOrder {
  ar: number;
  difference: number;
  ma: number;
  seasonalAr: number;
  seasonalDifference: number;
  seasonalMa: number;
  /** 1: none; the seasonal orders are 0 then. */
  period: number;
}

export interface ArimaCoefficients {
  /** Signs as in R: x(t) = ar x(t-1) + ... + e(t) + ma e(t-1) + ... */
  ar: Float64Array;
  ma: Float64Array;
  seasonalAr: Float64Array;
  seasonalMa: Float64Array;
  /** Of the differenced series. */
  mean: number;
}

/** One power of the lag operator and what stands before it. */
interface Term {
  lag: number;
  factor: number;
}

/** A model multiplied out: what the next value is made of. */
export interface Recursion {
  /** Of earlier values. */
  ar: Term[];
  /** Of earlier errors. */
  ma: Term[];
  mean: number;
}

/** The differences that a model is made of: each `values[t] - values[t - lag]`, one lag after the other. */
export function differenceLags({ difference, seasonalDifference, period }: ArimaOrder): number[] {
  return [...new Array<number>(seasonalDifference).fill(period), ...new Array<number>(difference).fill(1)];
}

export function differenced(values: Float64Array, lags: readonly number[]): Float64Array {
  return lags.reduce(
    (series, lag) => series.slice(lag).map((value, at) => value - (series[at] as number)),
    values,
  );
}

/** Multiplies the seasonal polynomials with the others. */
export function recursionOf(coefficients: ArimaCoefficients, period: number): Recursion {
  const { ar, ma, seasonalAr, seasonalMa, mean } = coefficients;
  return {
    // (1 - ar B)(1 - seasonalAr B^m): the product of two of them has its sign turned
    ar: multiplied(ar, seasonalAr, period, -1),
    ma: multiplied(ma, seasonalMa, period, 1),
    mean,
  };
}

function multiplied(plain: Float64Array, seasonal: Float64Array, period: number, sign: number): Term[] {
  const terms = Array.from(plain, (factor, at) => ({ lag: at + 1, factor }));
  for (const [season, factor] of seasonal.entries()) {
    const lag = (season + 1) * period;
    terms.push({ lag, factor });
    for (const [at, other] of plain.entries())
      terms.push({ lag: lag + at + 1, factor: sign * factor * other });
  }
  return terms;
}

/**
 * What each value was off by, as the model tells it from the values and errors before it (conditional: errors before `from` are 0).
 *
 * Cost: O(n) for each term.
 */
export function fillErrors(
  series: Float64Array,
  { ar, ma, mean }: Recursion,
  from: number,
  errors: Float64Array,
): void {
  errors.fill(0, 0, from);
  for (let at = from; at < series.length; at += 1) {
    let error = (series[at] as number) - mean;
    for (let term = 0; term < ar.length; term += 1) {
      const { lag, factor } = ar[term] as Term;
      if (at >= lag) error -= factor * ((series[at - lag] as number) - mean);
    }
    for (let term = 0; term < ma.length; term += 1) {
      const { lag, factor } = ma[term] as Term;
      if (at >= lag) error -= factor * (errors[at - lag] as number);
    }
    errors[at] = error;
  }
}

/** The `steps` values after `values`. Cost: O(n) for each term. */
export function arimaAhead(
  values: Float64Array,
  steps: number,
  order: ArimaOrder,
  coefficients: ArimaCoefficients,
  from: number,
): Float64Array {
  const lags = differenceLags(order);
  const levels = lags.map((_, index) => differenced(values, lags.slice(0, index)));
  const series = differenced(values, lags);
  const recursion = recursionOf(coefficients, order.period);
  const errors = new Float64Array(series.length);
  fillErrors(series, recursion, Math.min(from, series.length), errors);
  let ahead = aheadOf(series, errors, recursion, steps);
  for (const lag of lags.toReversed()) ahead = undone(levels.pop() as Float64Array, ahead, lag);
  return ahead;
}

function aheadOf(
  series: Float64Array,
  errors: Float64Array,
  { ar, ma, mean }: Recursion,
  steps: number,
): Float64Array {
  const known = new Float64Array(series.length + steps);
  known.set(series);
  for (let at = series.length; at < known.length; at += 1) {
    let value = mean;
    for (const { lag, factor } of ar) if (at >= lag) value += factor * ((known[at - lag] as number) - mean);
    for (const { lag, factor } of ma) if (at >= lag) value += factor * (errors[at - lag] ?? 0);
    known[at] = value;
  }
  return known.subarray(series.length);
}

/** From differences ahead to values ahead. */
function undone(values: Float64Array, differences: Float64Array, lag: number): Float64Array {
  const known = new Float64Array(lag + differences.length);
  known.set(values.subarray(values.length - lag));
  for (let at = lag; at < known.length; at += 1)
    known[at] = (known[at - lag] as number) + (differences[at - lag] as number);
  return known.subarray(lag);
}
