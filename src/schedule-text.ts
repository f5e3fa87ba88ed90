import { durationText } from './duration-text.ts';
import type { Schedule } from './glossary/settings.ts';

/** `every 30s`, `0 * * * * (UTC)` */
export function scheduleText(schedule: Schedule): string {
  return schedule.kind === 'cron'
    ? `${schedule.expression} (${schedule.timezone})`
    : `every ${durationText(schedule.intervalMs)}`;
}
