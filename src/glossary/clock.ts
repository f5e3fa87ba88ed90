/** Wall clock in milliseconds since 1970, and a clock that never goes back, in milliseconds. */
export interface Clock {
  now(): number;
  monotonic(): number;
}
