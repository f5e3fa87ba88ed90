/** Share of one core that looking at one child may take, at its beginning and in the long run; waking up comes on top. */
const SHARE_AT_FIRST = 0.1;
const SHARE = 0.002;
const FIRST_MS = 1_000;
const MIN_MS = 10;

/**
 * How long to wait until the next look at a child: 10 ms for its first second, then ever longer, up to a third of a
 * second for the first half hour and up to a second for those that run for hours; longer still where one look is dear, as with
 * a tree of a thousand processes.
 *
 * @param ageMs how long the child has been running
 * @param costMs what a look costs
 */
export function nextLookMs(ageMs: number, costMs: number): number {
  const share = ageMs < FIRST_MS ? SHARE_AT_FIRST : SHARE;
  return Math.max(MIN_MS, pauseAt(ageMs), Math.min(costMs / share, 5_000));
}

function pauseAt(ageMs: number): number {
  if (ageMs < FIRST_MS) return 0;
  return Math.max(Math.min(ageMs / 30, 300), Math.min(ageMs / 6_000, 1_000));
}
