/** A sample twice: its values in ascending order, and for each of them, in the order given, its place among those. */
export interface SortedPlaces {
  sorted: Float64Array;
  places: Float64Array;
}

export function sortedPlaces(values: readonly number[]): SortedPlaces {
  const order = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const places = new Float64Array(values.length);
  order.forEach((index, place) => {
    places[index] = place;
  });
  return { sorted: Float64Array.from(order, index => values[index] ?? 0), places };
}

/**
 * The quantile (see quantile.ts) of values that were drawn out of a sample, by their places in it.
 *
 * - Purpose: a bootstrap asks for it a thousand times; counting how often each place was drawn takes a tenth of the time of sorting.
 * - Convention: R type 7. Neither may be empty; every place is one of `sorted`.
 * - Cost: O(n).
 *
 * @example quantileOfPlaces(Float64Array.of(1, 2, 3, 4), Float64Array.of(3, 0, 2, 1), 0.95) // 3.85
 */
export function quantileOfPlaces(sorted: Float64Array, places: Float64Array, p: number): number {
  const counts = new Uint32Array(sorted.length);
  for (const place of places) counts[place] = (counts[place] ?? 0) + 1;
  const rank = (places.length - 1) * p;
  const [low, high] = [Math.floor(rank), Math.ceil(rank)];
  let passed = 0;
  let below = 0;
  for (let place = 0; place < sorted.length; place++) {
    const before = passed;
    passed += counts[place] ?? 0;
    if (before <= low && low < passed) below = sorted[place] ?? 0;
    if (high < passed) return below + (rank - low) * ((sorted[place] ?? 0) - below);
  }
  return below;
}
