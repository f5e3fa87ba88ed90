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

/** Null for a line that says nothing of that kind. One that names a metric is of that metric, whatever else stands in it. */
export function factOf(text: string): Fact | null {
  const given = parsedJson(text);
  if (!isObject(given)) return null;
  if (given['metric'] !== undefined) return metricOf(given);
  return given['mark'] === undefined ? labelOf(given) : markOf(given);
}

function metricOf(given: Record<string, unknown>): MetricFact | null {
  const { metric, value, kind = 'last', error = false, labels = {} } = given;
  if (typeof metric !== 'string' || !isMetricName(metric) || isMeasured(metric)) return null;
  if (typeof value !== 'number' || !Number.isFinite(value)) return null; // 1e999 is an infinity
  if (!isKind(kind) || typeof error !== 'boolean' || !isObject(labels)) return null;
  const isAmount = metric === 'apiLatencySeconds' || isOwn(metric);
  return isAmount && value < 0 ? null : { metric, value, kind, error };
}

function markOf({ mark, time }: Record<string, unknown>): Fact | null {
  const known = MARKS.find(each => each === mark);
  const timeMs = typeof time === 'string' && ISO.test(time) ? Date.parse(time) : time;
  if (known === undefined || typeof timeMs !== 'number') return null;
  return timeMs >= EARLIEST_MS && timeMs <= LATEST_MS ? { mark: known, timeMs } : null;
}

function labelOf({ label, value }: Record<string, unknown>): Fact | null {
  if (typeof label !== 'string' || !isMetricName(label) || typeof value !== 'string') return null;
  const fits = value.length > 0 && value.length <= LONGEST_LABEL && !NOT_IN_LABEL.test(value);
  return fits ? { label, value } : null;
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
