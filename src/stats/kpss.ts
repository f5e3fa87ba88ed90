/**
 * Test of Kwiatkowski, Phillips, Schmidt and Shin: whether a series stays about one level.
 *
 * - Purpose: whether ARIMA takes the steps from value to value in place of the values.
 * - Convention: the statistic for a level; above 0.463 the level does not stay (at 5 %). Long-run variance with Bartlett's weights over
 *   trunc(4 (n / 100)^(1/4)) lags, as in R's `tseries::kpss.test`. 0 for values that are all alike.
 * - Cost: O(8 n) for up to 2,000 values.
 * - Source: Kwiatkowski et al., "Testing the null hypothesis of stationarity against the alternative of a unit root", Journal of
 *   Econometrics 54 (1992), 159-178.
 */
export function levelStatistic(values: Float64Array): number {
  const { length } = values;
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  const about = values.map(value => value - mean);
  const lags = Math.trunc(4 * (length / 100) ** 0.25);
  let variance = product(about, 0);
  for (let lag = 1; lag <= lags; lag += 1) variance += 2 * (1 - lag / (lags + 1)) * product(about, lag);
  let sum = 0;
  let squares = 0;
  for (const value of about) {
    sum += value;
    squares += sum * sum;
  }
  return variance > 0 ? squares / (length * variance) : 0;
}

/** The values above this do not stay about one level, at 5 %. */
export const LEVEL_CRITICAL = 0.463;

function product(values: Float64Array, lag: number): number {
  let sum = 0;
  for (let at = lag; at < values.length; at += 1)
    sum += (values[at] as number) * (values[at - lag] as number);
  return sum;
}
