/** Fewer values make no level: nothing is said of the ones after them. */
export const FEWEST = 5;

/** With few values a level is known badly, and a season not at all: so much more is asked for, less and less with each value. */
const EARLY = { extra: 2.5, values: 25 };
/** By how many values there are, each worked out once; beyond, it is less than the last digit of what is asked for. */
const EXTRA = Float64Array.from(
  { length: 1000 },
  (_, known) => EARLY.extra * Math.exp(-known / EARLY.values),
);

/**
 * @param asked standard deviations that are asked for once much is known
 * @param known how many values there are
 * @param strictness so many times as much is asked for
 */
export function threshold(asked: number, known: number, strictness: number): number {
  return strictness * (asked + (EXTRA[known] ?? 0));
}
