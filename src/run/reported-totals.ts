import { type Mark, REPORTED_METRICS, type ReportedMetrics } from '../glossary/run.ts';
import { mean } from '../stats/mean.ts';
import { quantile } from '../stats/quantile.ts';
import { type BadLine, bad, type Fact, factOf, isOwn, type Kind, type MetricFact } from './reported-fact.ts';

const MAX_CUSTOM = 100;
const MAX_LABELS = 20;

interface Total {
  kind: Kind;
  value: number;
  count: number;
}

/**
 * What the lines of one run add up to. `apiLatencySeconds`: mean, p95 and max over all requests, failed ones included,
 * because the module waited for them too. Any other metric keeps the kind of its first line (`last` if it names none);
 * a line of another kind is a bad one. Of a mark and of a label the last line counts. At most 100 custom metrics and 20 labels
 * a run; what is measured here cannot be reported.
 */
export class ReportedTotals {
  #latencies: number[] = [];
  #errors = 0;
  #badLines = 0;
  readonly #custom = new Map<string, Total>();
  readonly #own = new Map<string, Total>();
  readonly #marks = new Map<Mark, number>();
  readonly #labels = new Map<string, string>();

  /** @returns null where the line is a good one */
  add(text: string): BadLine | null {
    const fact = factOf(text);
    const problem = 'problem' in fact ? fact : this.#take(fact);
    return problem === null ? null : this.countBadLine(problem);
  }

  countBadLine(line: BadLine): BadLine {
    this.#badLines += 1;
    return line;
  }

  result(): ReportedMetrics {
    const average = mean(this.#latencies);
    const p95 = quantile(this.#latencies, 0.95);
    const max = this.#latencies.reduce((highest, value) => Math.max(highest, value), 0);
    return {
      apiLatencySeconds: average,
      api: p95 === null ? null : { count: this.#latencies.length, errors: this.#errors, p95, max },
      custom: Object.fromEntries([...this.#custom].map(([name, { value }]) => [name, value])),
      own: this.#ownValues(),
      marks: {
        'setup-end': this.#marks.get('setup-end') ?? null,
        'cleanup-start': this.#marks.get('cleanup-start') ?? null,
      },
      labels: Object.fromEntries(this.#labels),
      badLines: this.#badLines,
    };
  }

  #ownValues(): ReportedMetrics['own'] {
    const entries = REPORTED_METRICS.map(name => [name, this.#own.get(name)?.value ?? null]);
    return Object.fromEntries(entries) as ReportedMetrics['own'];
  }

  /** Null where a line is good by itself, and after those before it. */
  #take(fact: Fact): BadLine | null {
    if ('mark' in fact) this.#marks.set(fact.mark, fact.timeMs);
    else if ('label' in fact) return this.#addLabel(fact.label, fact.value);
    else if (fact.metric === 'apiLatencySeconds') this.#addRequest(fact);
    else return this.#addTo(isOwn(fact.metric) ? this.#own : this.#custom, fact);
    return null;
  }

  #addRequest({ value, error }: MetricFact): void {
    this.#latencies.push(value);
    if (error) this.#errors += 1;
  }

  #addLabel(label: string, value: string): BadLine | null {
    if (!this.#labels.has(label) && this.#labels.size >= MAX_LABELS)
      return bad(`a run has at most ${MAX_LABELS} labels`);
    this.#labels.set(label, value);
    return null;
  }

  #addTo(totals: Map<string, Total>, { metric, value, kind }: MetricFact): BadLine | null {
    const known = totals.get(metric);
    if (known === undefined && totals.size >= MAX_CUSTOM)
      return bad(`a run has at most ${MAX_CUSTOM} custom metrics`);
    const next = merged(known ?? { kind, value: 0, count: 0 }, value);
    if (next.kind !== kind) return bad('its "kind" is another one than in the first line of this metric');
    // A sum can leave the range of a number although every value is in it.
    if (!Number.isFinite(next.value)) return bad('the sum of its values is too large for a number');
    totals.set(metric, next);
    return null;
  }
}

function merged({ kind, value, count }: Total, more: number): Total {
  const values = { last: more, sum: value + more, mean: meanWith(value, more, count + 1) };
  return { kind, value: values[kind], count: count + 1 };
}

/** Of `count` values, the last of which is `more`. Where their distance leaves the range of a number: of parts that cannot. */
function meanWith(before: number, more: number, count: number): number {
  const step = (more - before) / count;
  return Number.isFinite(step) ? before + step : before - before / count + more / count;
}
