/** Fewer values make no level: nothing is said of the ones after them. */
export const FEWEST = 5;

/** With few values a level is known badly, and a season not at all: so much more is asked for, less and less with each value. */
const EARLY = { extra: 2.5, values: 25 };

/**
 * @param asked standard deviations that are asked for once much is known
 * @param known how many values there are
 * @param strictness so many times as much is asked for
 */
export function threshold(asked: number, known: number, strictness: number): number {
  return strictness * (asked + EARLY.extra * Math.exp(-known / EARLY.values));
}
