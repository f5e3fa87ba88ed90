import type { Clock } from './glossary/clock.ts';

/** The clocks of this machine. */
export const CLOCK: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
