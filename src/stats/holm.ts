/**
 * Holm's correction: p values of several tests, adjusted so that the chance of any false alarm among them stays below the level.
 *
 * - Purpose: who checks ten metrics at once shall not have ten times the false alarms.
 * - Convention: in the order given; compare each with the level that one test would use. Holds however the tests hang together.
 * - Cost: O(n log n).
 * - Source: S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6 (1979), 65-70.
 *
 * @example holm([0.01, 0.04, 0.03]) // [0.03, 0.06, 0.06]
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, index) => index).toSorted((a, b) => (ps[a] ?? 0) - (ps[b] ?? 0));
  const adjusted = ps.map(() => 1);
  let highest = 0;
  order.forEach((index, place) => {
    highest = Math.max(highest, Math.min(1, (ps.length - place) * (ps[index] ?? 1)));
    adjusted[index] = highest;
  });
  return adjusted;
}
