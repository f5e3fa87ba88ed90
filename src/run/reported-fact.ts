import { BASE_METRICS, COUNTED_METRICS, MARKS, type Mark, REPORTED_METRICS } from '../glossary/run.ts';
import { isObject, parsedJson } from '../json.ts';
import { isMetricName } from '../metric-name.ts';

/** What becomes of several values of one metric. */
const KINDS = ['last', 'sum', 'mean'] as const;
export type Kind = (typeof KINDS)[number];

export interface MetricFact {
  metric: string;
  value: number;
  kind: Kind;
  error: boolean;
}

/** What one line of a metrics file says: a metric, a moment, or a label. */
export type Fact = MetricFact | { mark: Mark; timeMs: number } | { label: string; value: string };

/** Control and format characters, halves of a character, separators of lines: a label stands in one line of anything. */
const NOT_IN_LABEL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const LONGEST_LABEL = 100;

/** With a time zone: without one, a time is another one on each machine. */
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** In 1973. Seconds since 1970, taken for milliseconds, are below it for some thousands of years. */
const EARLIEST_MS = 1e11;
const LATEST_MS = 8.64e15;

/** Why a line says nothing that counts: an end for the sentence "line 3 is not understood: ...". Never holds what the line held. */
export interface BadLine {
  problem: string;
}

const NAME =
  'its name must be letters, digits, "_" and ".", at most 64, from a letter or "_" on, and no word such as "constructor"';
const TIME = 'its "time" must be milliseconds since 1970, or ISO 8601 with a time zone';
const TEXT = `a label's "value" must be text of 1 to ${LONGEST_LABEL} characters on one line`;

/** A line that names a metric is of that metric, whatever else stands in it. */
export function factOf(text: string): Fact | BadLine {
  const given = parsedJson(text);
  if (!isObject(given))
    return bad('it is no JSON object (JSON has no NaN); a metric is {"metric":"NAME","value":NUMBER}');
  if (given['metric'] !== undefined) return metricOf(given);
  if (given['mark'] !== undefined) return markOf(given);
  return given['label'] === undefined ? bad('it has no "metric", "mark" or "label"') : labelOf(given);
}

export function bad(problem: string): BadLine {
  return { problem };
}

function metricOf(given: Record<string, unknown>): MetricFact | BadLine {
  const { metric, value, kind = 'last', error = false, labels = {} } = given;
  if (typeof metric !== 'string' || !isMetricName(metric)) return bad(NAME);
  if (isMeasured(metric))
    return bad(`${metric} is measured, and cannot be reported: give yours another name`);
  // 1e999 is an infinity
  if (typeof value !== 'number' || !Number.isFinite(value)) return bad('its "value" must be a finite number');
  if (!isKind(kind)) return bad(`its "kind" must be one of ${KINDS.join(', ')}`);
  if (typeof error !== 'boolean') return bad('its "error" must be true or false');
  if (!isObject(labels)) return bad('its "labels" must be an object');
  const isAmount = metric === 'apiLatencySeconds' || isOwn(metric);
  return isAmount && value < 0 ? bad(`${metric} cannot be below 0`) : { metric, value, kind, error };
}

function markOf({ mark, time }: Record<string, unknown>): Fact | BadLine {
  const known = MARKS.find(each => each === mark);
  if (known === undefined) return bad(`its "mark" must be one of ${MARKS.join(', ')}`);
  const timeMs = typeof time === 'string' && ISO.test(time) ? Date.parse(time) : time;
  if (typeof timeMs !== 'number') return bad(TIME);
  return timeMs >= EARLIEST_MS && timeMs <= LATEST_MS ? { mark: known, timeMs } : bad(TIME);
}

function labelOf({ label, value }: Record<string, unknown>): Fact | BadLine {
  if (typeof label !== 'string' || !isMetricName(label)) return bad(NAME);
  const fits = typeof value === 'string' && value.length > 0 && value.length <= LONGEST_LABEL;
  return fits && !NOT_IN_LABEL.test(value) ? { label, value } : bad(TEXT);
}

/** Whether it is one of the metrics of the run itself that its module may say. */
export function isOwn(metric: string): boolean {
  return REPORTED_METRICS.some(each => each === metric);
}

/** What is measured here cannot be said by the module, but for its latencies. */
function isMeasured(name: string): boolean {
  if (name === 'apiLatencySeconds') return false;
  return [...BASE_METRICS, ...COUNTED_METRICS, 'cpuSeconds'].some(each => each === name);
}

function isKind(value: unknown): value is Kind {
  return KINDS.some(kind => kind === value);
}
