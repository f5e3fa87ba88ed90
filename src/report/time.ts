import { offsetAt } from '../plan/zone.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** A moment with what the clocks and calendars of a zone show: read it with the `getUTC...` functions. */
function localDate(timeMs: number, timezone: string): Date {
  return new Date(timeMs + offsetAt(timezone, timeMs));
}

/** `14 Nov, 13:05` */
export function moment(timeMs: number, timezone: string): string {
  const date = localDate(timeMs, timezone);
  return `${dayAndMonth(date)}, ${clock(date)}`;
}

/** `14 Nov 2026, 13:05` */
export function fullMoment(timeMs: number, timezone: string): string {
  const date = localDate(timeMs, timezone);
  return `${dayAndMonth(date)} ${date.getUTCFullYear()}, ${clock(date)}`;
}

/** `13 to 20 Nov 2026`; a time below two days with hours and minutes. */
export function timeSpan(fromMs: number, toMs: number, timezone: string): string {
  const [from, to] = [localDate(fromMs, timezone), localDate(toMs, timezone)];
  if (toMs - fromMs < 2 * DAY_MS) return `${fullMoment(fromMs, timezone)} to ${fullMoment(toMs, timezone)}`;
  const end = `${dayAndMonth(to)} ${to.getUTCFullYear()}`;
  if (from.getUTCFullYear() !== to.getUTCFullYear())
    return `${dayAndMonth(from)} ${from.getUTCFullYear()} to ${end}`;
  const start = from.getUTCMonth() === to.getUTCMonth() ? String(from.getUTCDate()) : dayAndMonth(from);
  return `${start} to ${end}`;
}

/** `7 days`, `36 hours`, `20 minutes`: how long a time is. */
export function duration(ms: number): string {
  if (ms >= 2 * DAY_MS) return counted(ms / DAY_MS, 'day');
  if (ms >= 2 * HOUR_MS) return counted(ms / HOUR_MS, 'hour');
  return counted(ms / MINUTE_MS, 'minute');
}

/** `Fri 14` */
export function weekday(date: Date): string {
  return `${DAYS[date.getUTCDay()] ?? ''} ${date.getUTCDate()}`;
}

/** `14 Nov` */
export function dayAndMonth(date: Date): string {
  return `${date.getUTCDate()} ${monthName(date)}`;
}

export function monthName(date: Date): string {
  return MONTHS[date.getUTCMonth()] ?? '';
}

/** `13:05` */
export function clock(date: Date): string {
  return `${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())}`;
}

/** `13:05:20` */
export function clockWithSeconds(date: Date): string {
  return `${clock(date)}:${twoDigits(date.getUTCSeconds())}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function counted(value: number, what: string): string {
  const whole = Math.round(value);
  return `${whole} ${what}${whole === 1 ? '' : 's'}`;
}
