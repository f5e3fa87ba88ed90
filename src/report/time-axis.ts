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
const MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 240];

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

/** Months are counted on from January 1970, so that every third one begins a quarter and every twelfth one a year. */
function firstsOfMonths(fromMs: number, toMs: number): number[] {
  const months = (toMs - fromMs) / MONTH_MS;
  const every = MONTHS.find(step => months / step <= MOST) ?? 1200;
  const start = new Date(fromMs);
  const first = Math.floor(((start.getUTCFullYear() - 1970) * 12 + start.getUTCMonth()) / every) * every;
  const length = Math.ceil(months / every) + 2;
  return Array.from({ length }, (_, index) => Date.UTC(1970, first + index * every, 1));
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
