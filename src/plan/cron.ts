import { type ParsedFields, parse, validateDetailed } from 'node-cron';

/**
 * A cron expression, parsed: the values of each field, sorted. It means what node-cron takes it to mean, but for the days where
 * both kinds are given (see `dayRule`). A range may run over the end (`22-2`).
 */
export interface Cron {
  seconds: number[];
  minutes: number[];
  hours: number[];
  months: Set<number>;
  /** Whether a date is one of its days. */
  isDay: DayRule;
  /**
   * A wildcard stands for the minute or the hour (`*`, `*` with a step). Then the times are those that the local clock shows, however
   * it is set; otherwise each is meant once a day, and a change to or from summer time neither drops nor doubles it.
   */
  followsClock: boolean;
}

/** A date of the calendar; weekday 0 is Sunday. */
interface CalendarDay {
  day: number;
  weekday: number;
  lastOfMonth: number;
}

type DayRule = (date: CalendarDay) => boolean;

const NICKNAMES = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

/**
 * One way to write an expression: nicknames become their five fields, fields stand one space apart. Whether it is a valid one,
 * `cronProblems` says.
 *
 * @example normaliseCron(' @Hourly ') // '0 * * * *'
 */
export function normaliseCron(text: string): string {
  const trimmed = text.trim().replace(/\s+/g, ' ');
  return NICKNAMES.get(trimmed.toLowerCase()) ?? trimmed;
}

/** One thing that is wrong with an expression; the field is null where it is the whole. */
export interface CronProblem {
  field: string | null;
  message: string;
}

/** What is wrong with an expression (five or six fields, or a nickname); empty where nothing is. */
export function cronProblems(text: string): CronProblem[] {
  const expression = normaliseCron(text);
  const excess = expression.split(/[\s,\-/#]/).find(part => /\d{5}/.test(part) || part.length > 10);
  // Before the parser sees it: node-cron counts out every range, and 0-999999999 would take it minutes and gigabytes.
  if (excess !== undefined) {
    return [{ field: null, message: `${excess.slice(0, 40)} is not a value that any field takes` }];
  }
  return validateDetailed(expression).errors.map(({ field, message }) => ({
    field,
    message: message.replace(' is a invalid ', ' is not a valid '),
  }));
}

const parsed = new Map<string, Cron>();

/** Parses a valid expression; throws for any other. Remembers what it has parsed: a workspace has a few expressions. */
export function parseCron(text: string): Cron {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const [problem] = cronProblems(text);
  if (problem !== undefined) throw new Error(`cron expression "${text}": ${problem.message}`);
  const cron = compile(normaliseCron(text));
  parsed.set(text, cron);
  return cron;
}

function compile(expression: string): Cron {
  const fields = parse(expression);
  const texts = expression.split(' ');
  const [minute = '', hour = ''] = texts.length === 6 ? texts.slice(1) : texts;
  return {
    seconds: ascending(fields.second),
    minutes: ascending(fields.minute),
    hours: ascending(fields.hour),
    months: new Set(fields.month),
    isDay: dayRule(expression, fields),
    followsClock: minute.includes('*') || hour.includes('*'),
  };
}

/**
 * As in every Unix cron: where both the day of the month and the day of the week are given, either is enough; where one of
 * them is a wildcard (it begins with `*` or is `?`), the other decides.
 */
function dayRule(expression: string, fields: ParsedFields): DayRule {
  const days = fields.dayOfMonth.map(dayOfMonth);
  const weekdays = fields.dayOfWeek.map(dayOfWeek);
  const [dayText = '', , weekdayText = ''] = expression.split(' ').slice(-3);
  const isEither = ![dayText, weekdayText].some(text => /^[*?]/.test(text));
  return date => {
    const isOneOf = (rules: DayRule[]): boolean => rules.some(rule => rule(date));
    return isEither ? isOneOf(days) || isOneOf(weekdays) : isOneOf(days) && isOneOf(weekdays);
  };
}

function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** A day; `L` the last one; `L-3` three days before it; `15W` the weekday nearest to the 15th in its month; `LW` to the last day. */
function dayOfMonth(value: number | string): DayRule {
  if (typeof value === 'number') return ({ day }) => day === value;
  const before = /^L(?:-(\d+))?$/.exec(value);
  if (before !== null) return ({ day, lastOfMonth }) => day === lastOfMonth - Number(before[1] ?? 0);
  const target = /^(\d+|L)W$/.exec(value)?.[1];
  if (target === undefined) throw new Error(`day of month ${value} has no meaning here`);
  return date => date.day === nearestWorkday(target === 'L' ? date.lastOfMonth : Number(target), date);
}

/** Null where the month has no such day. A Saturday moves to the Friday before, a Sunday to the Monday after, never to another month. */
function nearestWorkday(target: number, { day, weekday, lastOfMonth }: CalendarDay): number | null {
  if (target < 1 || target > lastOfMonth) return null;
  const targetWeekday = (((weekday + target - day) % 7) + 7) % 7;
  if (targetWeekday === 6) return target === 1 ? target + 2 : target - 1;
  if (targetWeekday === 0) return target === lastOfMonth ? target - 2 : target + 1;
  return target;
}

/** A weekday (7 is Sunday too); `5L` the last Friday of the month; `5#3` its third one. */
function dayOfWeek(value: number | string): DayRule {
  if (typeof value === 'number') return ({ weekday }) => weekday === value % 7;
  const [, wanted, which] = /^([0-7])(?:L|#([1-5]))$/.exec(value) ?? [];
  if (wanted === undefined) throw new Error(`day of week ${value} has no meaning here`);
  const isWanted: DayRule = ({ weekday }) => weekday === Number(wanted) % 7;
  if (which === undefined) return date => isWanted(date) && date.day + 7 > date.lastOfMonth;
  return date => isWanted(date) && Math.ceil(date.day / 7) === Number(which);
}
