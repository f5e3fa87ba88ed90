import * as z from 'zod';
import { durationText } from '../duration-text.ts';
import { DURATION_PATTERN, parseDuration, parseSize, SIZE_PATTERN } from './duration.ts';
import { quoted } from './problems.ts';
import { didYouMean } from './suggest.ts';

/**
 * The building blocks of the schema. Each says its accepted form in its message, and none repeats what was given: a
 * line number tells where to look, and what was given may be a secret in the wrong place.
 */

interface Issue {
  code?: string | undefined;
  input?: unknown;
}

/** The message of every issue of one schema: the accepted form, told apart for a key that is not there or has nothing after it. */
export function form(accepted: string): { error: (issue: Issue) => string } {
  return {
    error: ({ input }) => {
      if (input === undefined) return `is missing: it ${accepted}`;
      return input === null ? `is empty: it ${accepted}` : accepted;
    },
  };
}

/** A mapping with exactly these keys. For unknown keys the message has one line a key, in their order. */
export function mapping<Shape extends z.core.$ZodLooseShape>(accepted: string, shape: Shape) {
  const known = Object.keys(shape);
  const { error } = form(`must be ${accepted}`);
  return z.strictObject(shape, {
    error: issue =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map(key => unknownKey(key, known)).join('\n')
        : error(issue),
  });
}

function unknownKey(key: string, known: string[]): string {
  return `${quoted(key)} is not known here${didYouMean(key, known)}: the keys are ${known.join(', ')}`;
}

/** A mapping from names of the user's choice. Rules for the names are checked apart, for messages with lines. */
export function named<Value extends z.ZodType>(accepted: string, value: Value) {
  return z.record(z.string(), value, form(`must be ${accepted}`));
}

export function text(accepted: string, longest = 1_000) {
  const must = form(`must be ${accepted}`);
  return z.string(must).min(1, must).max(longest, must);
}

export function flag() {
  return z.boolean(form('must be true or false'));
}

export function integer(min: number, max: number) {
  const must = form(`must be a whole number from ${min} to ${max}`);
  return z.int(must).min(min, must).max(max, must);
}

export function number(min: number, max: number) {
  const must = form(`must be a number from ${min} to ${max}`);
  return z.number(must).min(min, must).max(max, must);
}

/** Numbers that can be left to the program: `auto`, the default, comes out as null. */
export function autoOrInteger(min: number, max: number) {
  const must = form(`must be auto or a whole number from ${min} to ${max}`);
  return autoOr(z.int(must).min(min, must).max(max, must), must);
}

export function autoOrNumber(min: number, max: number) {
  const must = form(`must be auto or a number from ${min} to ${max}`);
  return autoOr(z.number(must).min(min, must).max(max, must), must);
}

function autoOr(value: z.ZodType<number, number>, must: Form) {
  return z
    .union([z.literal('auto', must), value], must)
    .transform(given => (given === 'auto' ? null : given))
    .prefault('auto');
}

export function listOf<Item extends z.ZodType>(accepted: string, item: Item, most = 100) {
  const must = form(`must be a list of ${accepted}, at most ${most}`);
  return z.array(item, must).max(most, must);
}

/** Longest time that a timer of Node can wait: it would fire at once beyond it. */
const LONGEST_TIMER_MS = 24 * 86_400_000;
export const TEN_YEARS_MS = 3_660 * 86_400_000;

/** A duration with a unit; comes out in milliseconds. */
export function duration(minMs: number, maxMs: number = LONGEST_TIMER_MS) {
  const must = durationForm(minMs, maxMs);
  return writtenDuration(must).transform(milliseconds(minMs, maxMs, must));
}

/** Like `duration`, where 0 makes sense: then a bare 0 is taken too. */
export function durationOrZero(maxMs: number = LONGEST_TIMER_MS) {
  const must = durationForm(0, maxMs);
  return z.union([writtenDuration(must), z.literal(0, must)], must).transform(milliseconds(0, maxMs, must));
}

type Form = ReturnType<typeof form>;

function durationForm(minMs: number, maxMs: number): Form {
  const range = `from ${durationText(minMs)} to ${durationText(maxMs)}`;
  return form(`must be a duration with its unit, such as 500ms, 30s, 2m, 1h, 7d or 1m30s, ${range}`);
}

function writtenDuration(must: Form) {
  return z.string(must).regex(new RegExp(DURATION_PATTERN), must);
}

function milliseconds(minMs: number, maxMs: number, must: Form) {
  return (value: string | number, context: z.core.$RefinementCtx): number => {
    const ms = parseDuration(String(value));
    if (ms !== null && ms >= minMs && ms <= maxMs) return ms;
    context.addIssue({ code: 'custom', message: must.error({ input: value }) });
    return z.NEVER;
  };
}

/** A size with a unit; comes out in bytes. */
export function size(minBytes: number, maxBytes: number, range: string) {
  const must = form(`must be a size with its unit, such as 500kB, 10MB or 1GB, ${range}`);
  return z
    .string(must)
    .regex(new RegExp(SIZE_PATTERN), must)
    .transform((value, context) => {
      const bytes = parseSize(value);
      if (bytes !== null && bytes >= minBytes && bytes <= maxBytes) return bytes;
      context.addIssue({ code: 'custom', message: must.error({ input: value }) });
      return z.NEVER;
    });
}
