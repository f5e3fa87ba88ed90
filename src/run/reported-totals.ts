import { isObject, parsedJson } from '../json.ts';
import { isMetricName } from '../metric-name.ts';
import { mean } from '../stats/mean.ts';
import { quantile } from '../stats/quantile.ts';
import { BASE_METRICS, type ReportedMetrics } from '../types.ts';

const MAX_CUSTOM = 100;
const KINDS = ['last', 'sum', 'mean'] as const;
type Kind = (typeof KINDS)[number];

interface Line {
  metric: string;
  value: number;
  kind: Kind;
  error: boolean;
}

interface Custom {
  kind: Kind;
  value: number;
  count: number;
}

/**
 * What the lines of one run add up to. `apiLatencySeconds`: mean, p95 and max over all requests, failed ones included,
 * because the module waited for them too. A custom metric keeps the kind of its first line (`last` if it names none);
 * a line of another kind is a bad one. At most 100 custom metrics a run; the base metrics cannot be reported.
 */
export class ReportedTotals {
  #latencies: number[] = [];
  #errors = 0;
  #badLines = 0;
  readonly #custom = new Map<string, Custom>();

  add(text: string): void {
    const line = parseLine(text);
    const taken =
      line !== null && (line.metric === 'apiLatencySeconds' ? this.#addRequest(line) : this.#addCustom(line));
    if (!taken) this.countBadLine();
  }

  countBadLine(): void {
    this.#badLines += 1;
  }

  result(): ReportedMetrics {
    const average = mean(this.#latencies);
    const p95 = quantile(this.#latencies, 0.95);
    const max = this.#latencies.reduce((highest, value) => Math.max(highest, value), 0);
    return {
      apiLatencySeconds: average,
      api: p95 === null ? null : { count: this.#latencies.length, errors: this.#errors, p95, max },
      custom: Object.fromEntries([...this.#custom].map(([name, { value }]) => [name, value])),
      badLines: this.#badLines,
    };
  }

  #addRequest({ value, error }: Line): boolean {
    if (value < 0) return false;
    this.#latencies.push(value);
    if (error) this.#errors += 1;
    return true;
  }

  #addCustom({ metric, value, kind }: Line): boolean {
    const known = this.#custom.get(metric);
    if (known === undefined && this.#custom.size >= MAX_CUSTOM) return false;
    const next = merged(known ?? { kind, value: 0, count: 0 }, value);
    // A sum can leave the range of a number although every value is in it.
    if (next.kind !== kind || !Number.isFinite(next.value)) return false;
    this.#custom.set(metric, next);
    return true;
  }
}

function merged({ kind, value, count }: Custom, more: number): Custom {
  const values = { last: more, sum: value + more, mean: meanWith(value, more, count + 1) };
  return { kind, value: values[kind], count: count + 1 };
}

/** Of `count` values, the last of which is `more`. Where their distance leaves the range of a number: of parts that cannot. */
function meanWith(before: number, more: number, count: number): number {
  const step = (more - before) / count;
  return Number.isFinite(step) ? before + step : before - before / count + more / count;
}

/** Null for anything but a metric. */
function parseLine(text: string): Line | null {
  const given = parsedJson(text);
  if (!isObject(given)) return null;
  const { metric, value, kind = 'last', error = false, labels = {} } = given;
  if (typeof metric !== 'string' || !isReportable(metric)) return null;
  if (typeof value !== 'number' || !Number.isFinite(value)) return null; // 1e999 is an infinity
  if (!isKind(kind) || typeof error !== 'boolean' || !isObject(labels)) return null;
  return { metric, value, kind, error };
}

/** Not the metrics that are measured here. */
function isReportable(name: string): boolean {
  if (name === 'apiLatencySeconds') return true;
  return isMetricName(name) && !BASE_METRICS.some(base => base === name);
}

function isKind(value: unknown): value is Kind {
  return KINDS.some(kind => kind === value);
}
