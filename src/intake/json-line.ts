import { isObject, parsedJson } from '../json.ts';
import { named } from './named.ts';
import { type KnownNames, type Refusal, type Report, refuse } from './report.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * What a line such as `{"metric":"queueLength","value":12,"source":"market-feed","labels":{"queue":"in"}}` reports. `time` is ISO 8601
 * with a zone, or milliseconds since 1970, from a day back to a minute ahead. Other keys mean nothing here.
 */
export function parseJsonLine(text: string, known: KnownNames, nowMs: number): Report | Refusal {
  const given = parsedJson(text);
  if (!isObject(given)) return refuse('it begins like JSON and is none');
  const { metric, value, source, labels: givenLabels = {}, time } = given;
  if (typeof metric !== 'string') return refuse('`metric` is missing, or no text');
  if (typeof value !== 'number' || !Number.isFinite(value)) return refuse('`value` is no finite number'); // 1e999 is an infinity
  if (source !== undefined && typeof source !== 'string') return refuse('`source` is no text');
  const labels = labelsOf(givenLabels);
  if (labels === null) return refuse('`labels` is no mapping of names to texts');
  const timeMs = time === undefined ? null : momentOf(time);
  if (timeMs !== null && !(timeMs >= nowMs - DAY_MS && timeMs <= nowMs + MINUTE_MS))
    return refuse(
      '`time` is ISO 8601 with a zone or milliseconds since 1970, at most a day back or a minute ahead',
    );
  const name = named({ ...(source === undefined ? {} : { source }), metric, labels }, known);
  return 'problem' in name ? name : { ...name, said: { kind: 'value', value, timeMs } };
}

/** Numbers and truth values are taken as their text. */
function labelsOf(given: unknown): Record<string, string> | null {
  if (!isObject(given)) return null;
  const entries = Object.entries(given);
  const isText = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
  return entries.every(([, value]) => isText(value))
    ? Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
    : null;
}

/** Not a number where it is none. */
function momentOf(time: unknown): number {
  if (typeof time === 'number') return time;
  return typeof time === 'string' && ISO.test(time) ? Date.parse(time) : Number.NaN;
}
