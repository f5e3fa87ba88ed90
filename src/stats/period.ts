/**
 * Period of a series: after how many values it repeats itself, by its autocorrelation.
 *
 * - Purpose: a season that nobody has told of.
 * - Convention: the lag with the highest autocorrelation among its local maxima behind the first lag without correlation, where it is at least
 *   `LEAST` and at least three periods are there; null where nothing repeats. Of two lags that differ by less than 0.05 the shorter.
 * - Cost: O(n * n / 3).
 * - Source: Box, Jenkins and Reinsel, "Time Series Analysis", chapter 2; the local maxima as in M. Vlachos et al., SDM 2005.
 *
 * @example period([1, 5, 2, 1, 5, 2, 1, 5, 2, 1, 5, 2]) // 3
 */
export function period(values: ArrayLike<number>): number | null {
  const correlations = autocorrelations(values, Math.floor(values.length / 3));
  const from = correlations.findIndex(correlation => correlation <= 0);
  if (from < 0) return null;
  let best: number | null = null;
  for (let lag = Math.max(from, 2); lag < correlations.length - 1; lag++) {
    const here = correlations[lag] ?? 0;
    const isPeak = here >= (correlations[lag - 1] ?? 0) && here > (correlations[lag + 1] ?? 0);
    if (isPeak && here >= LEAST && (best === null || here > (correlations[best] ?? 0) + 0.05)) best = lag;
  }
  return best;
}

const LEAST = 0.3;

/** For the lags 0 to `most`; none for values that are all alike. */
function autocorrelations(values: ArrayLike<number>, most: number): number[] {
  const centred = Float64Array.from(values);
  const mean = centred.reduce((sum, value) => sum + value, 0) / centred.length;
  const variance = centred.reduce((sum, value) => sum + (value - mean) ** 2, 0) / centred.length;
  if (!(variance > 0)) return [];
  for (let index = 0; index < centred.length; index++) centred[index] = (centred[index] ?? 0) - mean;
  return Array.from({ length: most + 2 }, (_, lag) => {
    let sum = 0;
    for (let index = lag; index < centred.length; index++) {
      sum += (centred[index] ?? 0) * (centred[index - lag] ?? 0);
    }
    return sum / ((centred.length - lag) * variance);
  });
}
