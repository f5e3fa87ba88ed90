import type { HistoryReader, RunRange } from '../history-reader.ts';
import type { Database } from './database.ts';
import { runOfRecord } from './run-record.ts';

export interface RunPageRecords extends Pick<HistoryReader, 'runPages'> {
  /** The names of all custom metrics that occur in a range, sorted. Cost: all its runs are read, 2 to 5 s for a million of them. */
  customMetrics(range: RunRange): string[];
  /** The sequence number of the newest run; 0 where there is none. */
  newestRun(): number;
}

interface Condition {
  where: string;
  values: (string | number)[];
}

export function runPageRecords(database: Database): RunPageRecords {
  return {
    *runPages(range, size) {
      const { where, values } = conditionOf(range);
      const sql = `SELECT seq, record FROM runs WHERE seq > ? AND seq <= ? AND ${where} ORDER BY seq LIMIT ?`;
      const { before, last } = endsOf(database, range);
      for (let seq = before; ; ) {
        const rows = database.all<{ seq: number; record: string }>(sql, seq, last, ...values, size);
        if (rows.length > 0) yield rows.map(({ record }) => runOfRecord(database.path, record));
        if (rows.length < size) return;
        seq = rows.at(-1)?.seq ?? seq;
      }
    },
    customMetrics(range) {
      const { where, values } = conditionOf(range);
      const record = "CASE WHEN json_valid(record) THEN record ELSE '{}' END";
      const names = `SELECT DISTINCT key FROM runs, json_each(${record}, '$.custom')
        WHERE seq > ? AND seq <= ? AND ${where}`;
      const { before, last } = endsOf(database, range);
      return database
        .all<{ key: string }>(names, before, last, ...values)
        .map(({ key }) => key)
        .sort();
    },
    newestRun: () => database.one<{ seq: number | null }>('SELECT max(seq) AS seq FROM runs')?.seq ?? 0,
  };
}

function conditionOf({ sinceMs, untilMs, module }: RunRange): Condition {
  const parts: [condition: string, value: string | number | undefined][] = [
    ['module = ?', module],
    ['startedMs >= ?', wholeMs(sinceMs)],
    ['startedMs < ?', wholeMs(untilMs)],
  ];
  const given = parts.flatMap(([condition, value]) => (value === undefined ? [] : [{ condition, value }]));
  return {
    where: ['TRUE', ...given.map(({ condition }) => condition)].join(' AND '),
    values: given.map(({ value }) => value),
  };
}

const wholeMs = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : Math.floor(ms);

/**
 * A sequence number before the first run of a range, and that of its last one. They are found in the index, so that the records before
 * and after are not read.
 */
function endsOf(
  database: Database,
  { sinceMs, untilMs, lastSeq }: RunRange,
): { before: number; last: number } {
  const newest = lastSeq ?? Number.MAX_SAFE_INTEGER;
  if (sinceMs === undefined && untilMs === undefined) return { before: 0, last: newest };
  const within = 'module IN (SELECT name FROM modules) AND startedMs >= ? AND startedMs < ?';
  const ends = database.one<{ first: number | null; last: number | null }>(
    `SELECT min(seq) AS first, max(seq) AS last FROM runs WHERE ${within}`,
    ...[wholeMs(sinceMs) ?? -8.64e15, wholeMs(untilMs) ?? 8.64e15],
  );
  const { first = null, last = null } = ends ?? {};
  if (first === null || last === null) return { before: newest, last: 0 };
  // What is recorded while the pages are read follows, unless the range ends before it.
  return { before: first - 1, last: untilMs === undefined ? newest : Math.min(last, newest) };
}
