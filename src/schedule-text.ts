import type { Schedule } from './types.ts';

/** `every 30 s`, `0 * * * * (UTC)` */
export function scheduleText(schedule: Schedule): string {
  return schedule.kind === 'cron'
    ? `${schedule.expression} (${schedule.timezone})`
    : `every ${schedule.intervalMs / 1000} s`;
}
