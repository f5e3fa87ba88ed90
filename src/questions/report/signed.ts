import type { Direction } from '../../glossary/event.ts';

/** The log has how far off a value was, and beside it on which side; a report has both in one: below is negative. */
export function signedPercentOf(direction: Direction, deviationPercent: number | null): number | null {
  return deviationPercent === null || direction === 'above' ? deviationPercent : -deviationPercent;
}
