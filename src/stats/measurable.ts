/** The square of a larger value, or the sum of many, is no number any more. */
const LARGEST = 1e150;

/** Whether figures can be made of a value: it is finite, and no larger than anything that is ever measured (10^150). */
export function isMeasurable(value: number): boolean {
  return Math.abs(value) <= LARGEST;
}
