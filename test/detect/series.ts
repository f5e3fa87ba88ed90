import { type RunEvent, RunEvents } from '../../src/detect/run-events.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

/** Log-normal noise of so many percent around a level. */
export function noise(seed: number, count: number, level: number, percent: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => level * Math.exp((percent / 100) * gaussian(random)));
}

export type Told = RunEvent & { at: number };

/** The events of a series, each with its place. */
export function eventsOf(values: readonly (number | null)[], period: number | null = null): Told[] {
  const detector = new RunEvents(period);
  return values.map((value, at) => ({ ...detector.next(value), at })).filter(({ event }) => event);
}
