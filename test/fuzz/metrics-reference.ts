import type { ReportedMetrics } from '../../src/types.ts';

/**
 * What a metrics file means, by the plainest way: all of it in memory, all lines at once, nothing kept between two of them.
 * For small files; written from the rules, not from the program.
 */
export function referenceOf(file: Buffer): ReportedMetrics {
  const lines = linesOf(file).map(metricOf);
  const requests = lines
    .filter(line => line !== null && line !== 'blank')
    .filter(({ metric }) => metric === 'apiLatencySeconds');
  const goodRequests = requests.filter(({ value }) => value >= 0);
  const custom = customOf(
    lines
      .filter(line => line !== null && line !== 'blank')
      .filter(({ metric }) => metric !== 'apiLatencySeconds'),
  );
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
    badLines: lines.filter(line => line === null).length + requests.length - goodRequests.length + custom.bad,
  };
}

interface Metric {
  metric: string;
  value: number;
  kind: string;
  error: boolean;
}

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

function metricOf(line: string | null): Metric | 'blank' | null {
  if (line === null) return null;
  if (line.trim() === '') return 'blank';
  let given: unknown;
  try {
    given = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null;
  const { metric, value, kind, error, labels } = {
    kind: 'last',
    error: false,
    labels: {},
    ...given,
  } as Record<string, unknown>;
  if (typeof metric !== 'string' || !/^[A-Za-z_][A-Za-z0-9_.]{0,63}$/.test(metric)) return null;
  if (['runtimeSeconds', 'cpuPercent', 'memoryMb'].includes(metric) || metric in {}) return null;
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  if (typeof error !== 'boolean' || typeof labels !== 'object' || labels === null || Array.isArray(labels))
    return null;
  return typeof kind === 'string' && ['last', 'sum', 'mean'].includes(kind)
    ? { metric, value, kind, error }
    : null;
}

function customOf(metrics: Metric[]): { values: Map<string, number>; bad: number } {
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
