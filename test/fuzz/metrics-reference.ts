import type { ReportedMetrics } from '../../src/glossary/run.ts';

/**
 * What a metrics file means, by the plainest way: all of it in memory, all lines at once, nothing kept between two of them.
 * For small files; written from the rules, not from the program.
 */
export function referenceOf(file: Buffer): ReportedMetrics {
  const lines = linesOf(file).map(sayingOf);
  const said = lines.filter(line => line !== null && line !== 'blank');
  const metrics = said.filter(line => 'metric' in line);
  const requests = metrics.filter(({ metric }) => metric === 'apiLatencySeconds');
  const goodRequests = requests.filter(({ value }) => value >= 0);
  const own = totalsOf(metrics.filter(({ metric }) => isOwn(metric)));
  const custom = totalsOf(metrics.filter(({ metric }) => metric !== 'apiLatencySeconds' && !isOwn(metric)));
  const marks = said.filter(line => 'mark' in line);
  const labels = labelsOf(said.filter(line => 'label' in line));
  const lastMark = (name: string): number | null =>
    marks.findLast(({ mark }) => mark === name)?.timeMs ?? null;
  const sorted = goodRequests.map(({ value }) => value).sort((a, b) => a - b);
  return {
    apiLatencySeconds: meanOf(goodRequests.map(({ value }) => value)),
    api:
      sorted.length === 0
        ? null
        : {
            count: sorted.length,
            errors: goodRequests.filter(({ error }) => error).length,
            p95: p95Of(sorted),
            max: (sorted.at(-1) ?? 0) + 0,
          },
    custom: Object.fromEntries(custom.values),
    own: {
      setupSeconds: own.values.get('setupSeconds') ?? null,
      cleanupSeconds: own.values.get('cleanupSeconds') ?? null,
      samplesPerSecond: own.values.get('samplesPerSecond') ?? null,
    },
    marks: { 'setup-end': lastMark('setup-end'), 'cleanup-start': lastMark('cleanup-start') },
    labels: Object.fromEntries(labels.values),
    badLines:
      lines.filter(line => line === null).length +
      (requests.length - goodRequests.length + own.bad + custom.bad + labels.bad),
  };
}

interface Metric {
  metric: string;
  value: number;
  kind: string;
  error: boolean;
}

interface Label {
  label: string;
  value: string;
}

const isOwn = (metric: string): boolean =>
  ['setupSeconds', 'cleanupSeconds', 'samplesPerSecond'].includes(metric);

/** Each line; null for one that is none. */
function linesOf(file: Buffer): (string | null)[] {
  const lines: (string | null)[] = [];
  for (let start = 0; start < file.length; ) {
    const newline = file.indexOf('\n', start);
    const end = newline === -1 ? file.length : newline;
    lines.push(end - start > 16 * 1024 ? null : decoded(file.subarray(start, end)));
    start = end + 1;
  }
  return lines;
}

function decoded(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function sayingOf(line: string | null): Metric | Label | { mark: string; timeMs: number } | 'blank' | null {
  if (line === null) return null;
  if (line.trim() === '') return 'blank';
  let given: unknown;
  try {
    given = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null;
  const saying = given as Record<string, unknown>;
  if (saying['metric'] !== undefined) return metricOf(saying);
  if (saying['mark'] === undefined) return labelOf(saying['label'], saying['value']);
  const timeMs = momentOf(saying['time']);
  const isMark = saying['mark'] === 'setup-end' || saying['mark'] === 'cleanup-start';
  return isMark && timeMs !== null ? { mark: saying['mark'] as string, timeMs } : null;
}

function momentOf(time: unknown): number | null {
  const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9}|)(Z|[+-]\d{2}:\d{2})$/;
  const ms = typeof time === 'string' && form.test(time) ? new Date(time).getTime() : time;
  return typeof ms === 'number' && ms >= 100_000_000_000 && ms <= 8_640_000_000_000_000 ? ms : null;
}

function labelOf(label: unknown, value: unknown): Label | null {
  if (typeof label !== 'string' || !/^[A-Za-z_][A-Za-z0-9_.]{0,63}$/.test(label) || label in {}) return null;
  if (typeof value !== 'string' || value.length < 1 || value.length > 100) return null;
  return /\p{Cc}|\p{Cf}|\p{Cs}|[\u2028\u2029]/u.test(value) ? null : { label, value };
}

function labelsOf(all: Label[]): { values: Map<string, string>; bad: number } {
  const names = new Set([...new Set(all.map(({ label }) => label))].slice(0, 20));
  const taken = all.filter(({ label }) => names.has(label));
  return { values: new Map(taken.map(({ label, value }) => [label, value])), bad: all.length - taken.length };
}

function metricOf(given: Record<string, unknown>): Metric | null {
  const { metric, value, kind, error, labels } = {
    kind: 'last',
    error: false,
    labels: {},
    ...given,
  } as Record<string, unknown>;
  if (typeof metric !== 'string' || !/^[A-Za-z_][A-Za-z0-9_.]{0,63}$/.test(metric)) return null;
  if (
    /^(runtimeSeconds|cpuSeconds|cpuPercent|memoryMb|diskReadMb|diskWrittenMb|contextSwitches)$/.test(metric)
  )
    return null;
  if (metric in {} || typeof value !== 'number' || !Number.isFinite(value)) return null;
  if (isOwn(metric) && value < 0) return null;
  if (typeof error !== 'boolean' || typeof labels !== 'object' || labels === null || Array.isArray(labels))
    return null;
  return typeof kind === 'string' && ['last', 'sum', 'mean'].includes(kind)
    ? { metric, value, kind, error }
    : null;
}

function totalsOf(metrics: Metric[]): { values: Map<string, number>; bad: number } {
  const taken = new Map<string, Metric[]>();
  let bad = 0;
  for (const line of metrics) {
    const before = taken.get(line.metric) ?? [];
    const [first] = before;
    const fits = first === undefined ? taken.size < 100 : first.kind === line.kind;
    const all = [...before, line];
    if (fits && Number.isFinite(totalOf(all))) taken.set(line.metric, all);
    else bad += 1;
  }
  return { values: new Map([...taken].map(([name, all]) => [name, totalOf(all)])), bad };
}

function totalOf(all: Metric[]): number {
  const values = all.map(({ value }) => value);
  if (all[0]?.kind === 'sum') return values.reduce((sum, value) => sum + value, 0);
  return (all[0]?.kind === 'mean' ? meanOf(values) : values.at(-1)) ?? 0;
}

function meanOf(values: number[]): number | null {
  if (values.length === 0) return null;
  const largest = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
  return largest * (values.reduce((sum, value) => sum + value / largest, 0) / values.length);
}

function p95Of(sorted: number[]): number {
  const rank = (sorted.length - 1) * 0.95;
  const [below = 0, above = 0] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]];
  return below + (rank % 1) * (above - below);
}
