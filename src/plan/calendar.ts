import type { Cron } from './cron.ts';

/**
 * Where a cron expression matches on a local calendar, without any time zone: local times are milliseconds as if the local clock
 * showed UTC. Day by day, and within a day by its fields; never second by second.
 */

export const DAY_MS = 86_400_000;

/** The latest match in [from, to]; null where there is none. Cost: a fraction of a microsecond a day. */
export function lastMatch(cron: Cron, from: number, to: number): number | null {
  for (let day = startOfDay(to); day + DAY_MS > from; day -= DAY_MS) {
    if (!matchesDay(cron, day)) continue;
    const time = lastTime(cron, (Math.min(to, day + DAY_MS - 1) - day) / 1000);
    if (time !== null) return day + time * 1000 >= from ? day + time * 1000 : null;
  }
  return null;
}

/** The earliest match in [from, to]; null where there is none. */
export function firstMatch(cron: Cron, from: number, to: number): number | null {
  for (let day = startOfDay(from); day <= to; day += DAY_MS) {
    if (!matchesDay(cron, day)) continue;
    const time = firstTime(cron, (Math.max(from, day) - day) / 1000);
    if (time !== null) return day + time * 1000 <= to ? day + time * 1000 : null;
  }
  return null;
}

function startOfDay(local: number): number {
  return Math.floor(local / DAY_MS) * DAY_MS;
}

function matchesDay(cron: Cron, day: number): boolean {
  const date = new Date(day);
  if (!cron.months.has(date.getUTCMonth() + 1)) return false;
  const lastOfMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  const calendarDay = { day: date.getUTCDate(), weekday: date.getUTCDay(), lastOfMonth };
  return cron.isDay(calendarDay);
}

/** The last second of a day that matches, not after `limit`. The fields are walked from the end; most are passed over at once. */
function lastTime({ hours, minutes, seconds }: Cron, limit: number): number | null {
  for (const hour of hours.toReversed()) {
    if (hour * 3600 > limit) continue;
    for (const minute of minutes.toReversed()) {
      const start = hour * 3600 + minute * 60;
      const second = start > limit ? undefined : seconds.findLast(each => start + each <= limit);
      if (second !== undefined) return start + second;
    }
  }
  return null;
}

/** The first second of a day that matches, not before `limit`. */
function firstTime({ hours, minutes, seconds }: Cron, limit: number): number | null {
  for (const hour of hours) {
    if (hour * 3600 + 3599 < limit) continue;
    for (const minute of minutes) {
      const start = hour * 3600 + minute * 60;
      const second = start + 59 < limit ? undefined : seconds.find(each => start + each >= limit);
      if (second !== undefined) return start + second;
    }
  }
  return null;
}
