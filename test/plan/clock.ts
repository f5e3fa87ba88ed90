import { createTask } from 'node-cron';

/**
 * Whether a moment is one of the expression, by node-cron's own matching. Where it names days of the month and days of the week
 * (neither with a wildcard), node-cron wants both; every Unix cron takes either, so node-cron is asked for each alone.
 */
export function reference(expression: string, timezone: string): (timeMs: number) => boolean {
  const [day = '', month, weekday = ''] = expression.split(' ').slice(-3);
  const time = expression.split(' ').slice(0, -3).join(' ');
  const isEither = ![day, weekday].some(text => /^[*?]/.test(text));
  const texts = isEither ? [`${time} ${day} ${month} *`, `${time} * ${month} ${weekday}`] : [expression];
  const tasks = texts.map(text => createTask(text, () => undefined, { timezone }));
  return timeMs => tasks.some(task => task.match(new Date(timeMs)));
}

/**
 * The slots of an expression in (fromMs, untilMs], found by walking a clock: every step of the walk asks node-cron whether the time
 * that the local clock shows matches. Shares nothing with the search that it checks but the convention for clock changes, which it
 * reads as a person with a watch would: times that were never shown are made up for when the clock has jumped over
 * them, times that were shown before are not counted again.
 */
export function slotsByWalking(
  expression: string,
  timezone: string,
  fromMs: number,
  untilMs: number,
  stepMs: number,
): number[] {
  const matches = reference(expression, 'UTC');
  const shownTime = localClock(timezone);
  const [minute = '', hour = ''] = expression.split(' ').slice(-5);
  const followsClock = /\*/.test(`${minute} ${hour}`);
  const slots: number[] = [];
  let latestShown = shownTime(fromMs - 2 * 86_400_000);
  for (let at = fromMs - 2 * 86_400_000 + stepMs; at <= untilMs; at += stepMs) {
    const shown = shownTime(at);
    const jumpedOver = range(latestShown + stepMs, shown, stepMs);
    const isNew = shown > latestShown;
    latestShown = Math.max(latestShown, shown);
    if (at <= fromMs) continue;
    const candidates = followsClock ? [shown] : isNew ? [...jumpedOver, shown] : [];
    if (candidates.some(matches)) slots.push(at);
  }
  return slots;
}

function range(from: number, before: number, step: number): number[] {
  const values: number[] = [];
  for (let value = from; value < before; value += step) values.push(value);
  return values;
}

/** What a zone's clock shows, in milliseconds as if it were UTC; by the parts of a formatted date. */
export function localClock(timezone: string): (utcMs: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return utcMs => {
    const parts = format.formatToParts(utcMs).map(({ type, value }) => [type, Number(value)] as const);
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = Object.fromEntries(parts);
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
}
