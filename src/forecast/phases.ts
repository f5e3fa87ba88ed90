/**
 * What each place of a season adds: the mean of the values there, about the mean of all places.
 *
 * - Convention: place 0 is that of the first value; two whole seasons or more, otherwise null. A place's sum is 0 over the season.
 * - Cost: O(n).
 */
export function phaseMeans(values: Float64Array, period: number | null): Float64Array | null {
  if (period === null || values.length < 2 * period) return null;
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  for (let at = 0, place = 0; at < values.length; at += 1) {
    sums[place] = (sums[place] as number) + (values[at] as number);
    counts[place] = (counts[place] as number) + 1;
    place = place + 1 === period ? 0 : place + 1;
  }
  const means = sums.map((sum, place) => sum / (counts[place] as number));
  const middle = means.reduce((sum, value) => sum + value, 0) / period;
  return means.map(value => value - middle);
}
