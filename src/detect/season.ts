/**
 * Seasonal component: for each phase the median of its values less the median of all.
 *
 * - Convention: phase 0 is that of the series' first value. [0] where there is no period, or not yet two of them.
 * - Cost: O(n log n).
 * - Source: classical decomposition with medians, as in STL's robust form: Cleveland et al., Journal of Official Statistics 6 (1990), 3-73.
 *
 * @param first the place in the series of the first of the values
 */
export function seasonOf(values: Float64Array, first: number, period: number | null): Float64Array {
  const whole = Math.round(period ?? 0);
  if (whole < 2 || values.length < 2 * whole) return Float64Array.of(0);
  const middle = medianOf(values);
  const season = new Float64Array(whole);
  for (let offset = 0; offset < whole; offset++) {
    season[(first + offset) % whole] = medianOf(every(values, offset, whole)) - middle;
  }
  return season;
}

function every(values: Float64Array, offset: number, step: number): Float64Array {
  return Float64Array.from({ length: Math.ceil((values.length - offset) / step) }, (_, index) => {
    return values[offset + index * step] ?? 0;
  });
}

/** The middle value, of two middle ones the upper. The values stay as they are; at least one. Cost: O(n log n). */
function medianOf(values: Float64Array): number {
  return values.slice().sort()[values.length >> 1] ?? 0;
}
