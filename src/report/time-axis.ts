import { offsetAt } from '../plan/zone.ts';
import {
  clock,
  clockWithSeconds,
  DAY_MS,
  dayAndMonth,
  HOUR_MS,
  MINUTE_MS,
  monthName,
  weekday,
} from './time.ts';

/** A mark on the axis of time. `rank` 0 stays where there is little room; 1 goes. */
export interface TimeTick {
  timeMs: number;
  text: string;
  rank: 0 | 1;
}

const MOST = 8;
const MONTH_MS = 30 * DAY_MS;

const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map(seconds => seconds * 1000),
  ...[1, 2, 5, 10, 15, 30].map(minutes => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map(hours => hours * HOUR_MS),
  ...[1, 2, 7, 14].map(days => days * DAY_MS),
];

/** 1970 began on a Thursday: weeks are counted from the Monday after it. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** At most eight ticks at round local times (hours, midnights, Mondays, firsts of months) in [fromMs, toMs]. */
export function timeTicks(fromMs: number, toMs: number, timezone: string): TimeTick[] {
  const stepMs = STEPS_MS.find(step => (toMs - fromMs) / step <= MOST);
  const locals =
    stepMs === undefined ? firstsOfMonths(fromMs, toMs) : multiples(fromMs, toMs, stepMs, timezone);
  const ticks = locals
    .map(localMs => ({ timeMs: utcOf(localMs, timezone), text: tickText(new Date(localMs), stepMs) }))
    .filter(({ timeMs }) => timeMs >= fromMs && timeMs <= toMs);
  return ticks.map((tick, index) => ({ ...tick, rank: ticks.length > 4 && index % 2 === 1 ? 1 : 0 }));
}

/** Local times, as if UTC. */
function multiples(fromMs: number, toMs: number, stepMs: number, timezone: string): number[] {
  const origin = stepMs > 2 * DAY_MS ? FIRST_MONDAY_MS : 0;
  const start = fromMs + offsetAt(timezone, fromMs);
  const first = origin + Math.ceil((start - origin) / stepMs) * stepMs;
  // An hour of summer time may bring one tick more into the range at its end.
  const length = Math.floor((toMs - fromMs) / stepMs) + 2;
  return Array.from({ length }, (_, index) => first + index * stepMs);
}

function firstsOfMonths(fromMs: number, toMs: number): number[] {
  const every = [1, 2, 3, 6, 12].find(months => (toMs - fromMs) / (months * MONTH_MS) <= MOST) ?? 24;
  const start = new Date(fromMs);
  const months = Math.ceil((toMs - fromMs) / MONTH_MS) + 2;
  return Array.from({ length: months }, (_, index) =>
    Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + index, 1),
  )
    .filter(timeMs => new Date(timeMs).getUTCMonth() % Math.min(every, 12) === 0)
    .filter(timeMs => every <= 12 || new Date(timeMs).getUTCFullYear() % 2 === 0);
}

function utcOf(localMs: number, timezone: string): number {
  const guess = localMs - offsetAt(timezone, localMs);
  return localMs - offsetAt(timezone, guess);
}

function tickText(date: Date, stepMs: number | undefined): string {
  if (stepMs === undefined) return date.getUTCMonth() === 0 ? String(date.getUTCFullYear()) : monthName(date);
  if (stepMs > DAY_MS) return dayAndMonth(date);
  if (stepMs === DAY_MS) return weekday(date);
  const atMidnight = date.getTime() % DAY_MS === 0;
  if (atMidnight) return dayAndMonth(date);
  return stepMs < MINUTE_MS ? clockWithSeconds(date) : clock(date);
}
