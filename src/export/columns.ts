import { WatchkeeperError } from '../errors.ts';
import type { ApiFigures, Run } from '../glossary/run.ts';
import { labelsKey } from '../labels.ts';

/** `time`: an ISO text. */
type ColumnType = 'text' | 'time' | 'whole' | 'number';

/** A column of the formats that are tables. */
export interface Column {
  name: string;
  type: ColumnType;
  /** Null where the run has no value. */
  of(run: Run): string | number | null;
}

/** More columns than any table wants to have: a name that changes with each run is no metric. */
const MAX_CUSTOM = 1_000;

/** The fields of a run that are a column each, in this order. */
const FIELDS: Record<Exclude<keyof Run, 'api' | 'custom' | 'labels' | 'revision' | 'reason'>, ColumnType> = {
  id: 'text',
  module: 'text',
  iteration: 'whole',
  trigger: 'text',
  attempt: 'whole',
  startedAt: 'time',
  endedAt: 'time',
  outcome: 'text',
  exitCode: 'whole',
  signal: 'text',
  runtimeSeconds: 'number',
  cpuSeconds: 'number',
  cpuPercent: 'number',
  memoryMb: 'number',
  apiLatencySeconds: 'number',
  setupSeconds: 'number',
  cleanupSeconds: 'number',
  samplesPerSecond: 'number',
  diskReadMb: 'number',
  diskWrittenMb: 'number',
  contextSwitches: 'whole',
};

const API: Record<keyof ApiFigures, ColumnType> = {
  count: 'whole',
  errors: 'whole',
  p95: 'number',
  max: 'number',
};

/** All of them as one JSON text: they differ from run to run. */
const LABELS: Column = {
  name: 'labels',
  type: 'text',
  of: ({ labels }) => (Object.keys(labels).length === 0 ? null : labelsKey(labels)),
};

/** What follows the figures. */
const LAST = { revision: 'text', reason: 'text' } as const satisfies Partial<Record<keyof Run, ColumnType>>;

/**
 * The columns of a table of runs: always the same ones in the same order, then one for each custom metric.
 *
 * @param custom names of custom metrics
 * @throws WatchkeeperError 'usage' where there are more than 1,000
 */
export function columnsOf(custom: readonly string[]): Column[] {
  if (custom.length > MAX_CUSTOM) throw tooMany(custom);
  return [
    ...keysOf(FIELDS).map(name => fieldColumn(name, FIELDS[name])),
    ...keysOf(API).map(apiColumn),
    LABELS,
    ...keysOf(LAST).map(name => fieldColumn(name, LAST[name])),
    ...custom.map(customColumn),
  ];
}

function fieldColumn(name: keyof typeof FIELDS | keyof typeof LAST, type: ColumnType): Column {
  return { name, type, of: run => run[name] ?? null };
}

function apiColumn(name: keyof ApiFigures): Column {
  return { name: `api.${name}`, type: API[name], of: run => run.api?.[name] ?? null };
}

function customColumn(name: string): Column {
  const of = ({ custom }: Run): number | null =>
    Object.hasOwn(custom, name) ? (custom[name] ?? null) : null;
  return { name: `custom.${name}`, type: 'number', of };
}

function keysOf<Key extends string>(record: Record<Key, unknown>): Key[] {
  return Object.keys(record) as Key[];
}

function tooMany(custom: readonly string[]): WatchkeeperError {
  return new WatchkeeperError(
    'usage',
    `the runs have ${custom.length} custom metrics (${custom.slice(0, 3).join(', ')}, ...), and a table of more than ${MAX_CUSTOM} ` +
      'columns is of no use: take the format jsonl, or fewer runs: those of one module, or of less time',
  );
}
