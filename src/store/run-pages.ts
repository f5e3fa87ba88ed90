import type { Run } from '../types.ts';
import type { Database } from './database.ts';
import { parseRecord } from './database-errors.ts';

/** Which runs are meant; what is not named does not narrow them. */
export interface RunRange {
  /** Started at this moment or later, in ms since 1970. */
  sinceMs?: number | undefined;
  /** Started before this moment. */
  untilMs?: number | undefined;
  module?: string | undefined;
  /** Recorded no later than the run with this sequence number: what is recorded meanwhile does not count. */
  lastSeq?: number | undefined;
}

export interface RunPageRecords {
  /**
   * The runs of a range, at most `size` at once, by the order in which they were recorded: clocks jump. Each page is a query of its own, so that
   * the supervisor writes and tidies up between them; what it records meanwhile follows, unless the range ends before it.
   */
  runPages(range: RunRange, size: number): Generator<Run[]>;
  /** The names of all custom metrics that occur in a range, sorted. Cost: all its runs are read, 2 to 5 s for a million of them. */
  customMetrics(range: RunRange): string[];
  /** The sequence number of the newest run; 0 where there is none. */
  newestRun(): number;
}

/** Of a range that has a beginning: what was recorded before it need not be read. */
function firstSeq(database: Database, { sinceMs, module }: RunRange): number {
  if (sinceMs === undefined) return 0;
  const of = module === undefined ? '' : 'AND module = ?';
  const first = `SELECT min(seq) AS seq FROM runs WHERE startedMs >= ? ${of}`;
  const values = module === undefined ? [sinceMs] : [sinceMs, module];
  return database.one<{ seq: number | null }>(first, ...values)?.seq ?? Number.MAX_SAFE_INTEGER;
}

interface Condition {
  where: string;
  values: (string | number)[];
}

export function runPageRecords(database: Database): RunPageRecords {
  return {
    *runPages(range, size) {
      const { where, values } = conditionOf(range);
      const sql = `SELECT seq, record FROM runs WHERE seq > ? AND ${where} ORDER BY seq LIMIT ?`;
      for (let seq = firstSeq(database, range) - 1; ; ) {
        const rows = database.all<{ seq: number; record: string }>(sql, seq, ...values, size);
        if (rows.length > 0) yield rows.map(({ record }) => parseRecord<Run>(database.path, record));
        if (rows.length < size) return;
        seq = rows.at(-1)?.seq ?? seq;
      }
    },
    customMetrics(range) {
      const { where, values } = conditionOf(range);
      const record = "CASE WHEN json_valid(record) THEN record ELSE '{}' END";
      const names = `SELECT DISTINCT key FROM runs, json_each(${record}, '$.custom') WHERE ${where}`;
      return database
        .all<{ key: string }>(names, ...values)
        .map(({ key }) => key)
        .sort();
    },
    newestRun: () => database.one<{ seq: number | null }>('SELECT max(seq) AS seq FROM runs')?.seq ?? 0,
  };
}

function conditionOf({ sinceMs, untilMs, module, lastSeq }: RunRange): Condition {
  const parts: [condition: string, value: string | number | undefined][] = [
    ['seq <= ?', lastSeq],
    ['module = ?', module],
    ['startedMs >= ?', sinceMs],
    ['startedMs < ?', untilMs],
  ];
  const given = parts.flatMap(([condition, value]) => (value === undefined ? [] : [{ condition, value }]));
  return {
    where: ['TRUE', ...given.map(({ condition }) => condition)].join(' AND '),
    values: given.map(({ value }) => value),
  };
}
