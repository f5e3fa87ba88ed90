import { durationText } from '../duration-text.ts';
import { cronProblems, normaliseCron } from '../plan/cron.ts';
import { parseDuration } from './duration.ts';

/** A schedule as it is given, the time zone still open; null: `none`. */
export type GivenSchedule =
  | { kind: 'cron'; expression: string }
  | { kind: 'every'; intervalMs: number }
  | null;

/** The accepted forms, for messages. */
export const SCHEDULE_FORM =
  'must be a cron expression of 5 or 6 fields such as "*/5 * * * *", a nickname such as "@hourly", "every 30s" (from 1s to 366d), or none';

const MIN_EVERY_MS = 1_000;
const MAX_EVERY_MS = 366 * 86_400_000;

/**
 * Reads a schedule; a text is what is wrong with it. A cron expression comes back with single spaces and nicknames
 * resolved, so that nobody after this has to know them.
 */
export function parseSchedule(text: string): GivenSchedule | string {
  const trimmed = text.trim().replace(/\s+/g, ' ');
  if (trimmed === 'none') return null;
  const every = /^every (.+)$/.exec(trimmed)?.[1];
  if (every !== undefined) return parseEvery(every);
  const nickname = /^@every\b(.*)$/i.exec(trimmed)?.[1];
  return nickname === undefined ? parseCron(trimmed) : withoutAt(nickname);
}

/** Other schedulers write `@every 5m`. What was given is read and written anew: a message never repeats it. */
function withoutAt(text: string): string {
  const every = parseEvery(text.trim());
  const written =
    typeof every === 'object' && every?.kind === 'every' ? durationText(every.intervalMs) : '5m';
  return `${SCHEDULE_FORM}; here it is written "every ${written}", without the @`;
}

function parseEvery(text: string): GivenSchedule | string {
  const intervalMs = parseDuration(text);
  if (intervalMs === null || intervalMs < MIN_EVERY_MS || intervalMs > MAX_EVERY_MS) return SCHEDULE_FORM;
  return { kind: 'every', intervalMs };
}

function parseCron(text: string): GivenSchedule | string {
  const expression = normaliseCron(text);
  const problems = cronProblems(expression);
  if (problems.length === 0) return { kind: 'cron', expression };
  const fields = problems
    .map(({ field }) => CRON_FIELDS.get(field ?? ''))
    .filter(field => field !== undefined);
  return fields.length === 0 ? SCHEDULE_FORM : `${SCHEDULE_FORM}; wrong here: ${fields.join(', ')}`;
}

const CRON_FIELDS = new Map([
  ['second', 'the second (0-59)'],
  ['minute', 'the minute (0-59)'],
  ['hour', 'the hour (0-23)'],
  ['dayOfMonth', 'the day of the month (1-31, one that its month has)'],
  ['month', 'the month (1-12)'],
  ['dayOfWeek', 'the day of the week (0-7)'],
]);
