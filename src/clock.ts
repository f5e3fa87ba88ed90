import type { Clock } from './types.ts';

/** The clocks of this machine. */
export const CLOCK: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
