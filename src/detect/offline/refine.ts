import type { Cost } from './shape.ts';

/**
 * Moves change points that were found among the pieces of a coarse view to where the values themselves put them.
 *
 * - Convention: one after the other, each to the place with the smallest cost between its neighbours, at most `reach` away.
 * - Cost: O(k r) for k change points and a reach of r.
 */
export function refined(changes: readonly number[], cost: Cost, length: number, reach: number): number[] {
  const moved = [...changes];
  for (const [at, change] of moved.entries()) {
    const start = moved[at - 1] ?? 0;
    const end = moved[at + 1] ?? length;
    let best = { cost: Number.POSITIVE_INFINITY, place: change };
    for (
      let place = Math.max(start + 2, change - reach);
      place <= Math.min(end - 2, change + reach);
      place++
    ) {
      const sum = cost(start, place) + cost(place, end);
      if (sum < best.cost) best = { cost: sum, place };
    }
    moved[at] = best.place;
  }
  return moved;
}
