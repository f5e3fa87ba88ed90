/** A range that is open at an end is a range to the end of time: the times that a Date can hold. */
export const EVER = { sinceMs: -8.64e15, untilMs: 8.64e15, newest: 2 ** 31 } as const;
