/**
 * Keeps a forecast within what can be: finite, not below `floor`, and not further outside of all values so far than their whole range
 * and twice that for each history's length of steps. A curve or a network that runs away ends there.
 *
 * Cost: O(n).
 */
export function holdWithin(
  floor: number | null,
): (forecast: Float64Array, history: Float64Array) => Float64Array {
  return (forecast, history) => {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < history.length; at += 1) {
      const value = history[at] as number;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    const room = (most - least) * (1 + (2 * forecast.length) / history.length);
    const low = Math.max(least - room, floor ?? Number.NEGATIVE_INFINITY);
    const last = history[history.length - 1] as number;
    const high = Math.max(most + room, low);
    return forecast.map(value => (Number.isNaN(value) ? last : Math.min(Math.max(value, low), high)));
  };
}
