import { BUCKET_MS } from '../buckets.ts';
import type { Database } from './database.ts';
import { IS_MEASURED, MOST_SERIES, placesLeft, type SeriesNumbers } from './series.ts';

const WEEK_MS = 7 * 86_400_000;

/** So many series are removed at once. */
const AT_ONCE = 100;

interface Over {
  id: number;
  /** Since when it is over. */
  overMs: number;
}

/**
 * Where as many series are kept as there may be, of a metric or together, removes a hundred that are over, with all that is kept of
 * them. A series is over when it has been silent for a week longer than it had lived: one with a label that was new for one run
 * after a week, one of a year after a year. What is measured of the machine, of modules and of services never is.
 *
 * Cost: some counting; where there are too many, a look at each of them.
 *
 * @param nowMs a time that is believed
 * @param limit so many rows, about, are removed at once
 * @returns how many were removed
 */
export function makeRoom(database: Database, numbers: SeriesNumbers, nowMs: number, limit: number): number {
  const over = crowded(database, nowMs)
    .sort((a, b) => a.overMs - b.overMs)
    .slice(0, AT_ONCE);
  if (over.length === 0) return 0;
  const removed = numbers.write(() => {
    let rows = 0;
    for (const { id } of over) if (rows < limit) rows += removeSeries(database, id);
    return rows;
  });
  numbers.forget();
  return removed;
}

/** What is over of the metrics that have as many series as they may have; where there are too many together, of all. */
function crowded(database: Database, nowMs: number): Over[] {
  if (placesLeft(database) <= 0) return overOf(database, null, null, nowMs);
  return database
    .all<{ source: string; metric: string }>(
      'SELECT source, metric FROM series GROUP BY source, metric HAVING count(*) >= ?',
      MOST_SERIES.ofMetric,
    )
    .flatMap(({ source, metric }) => overOf(database, source, metric, nowMs));
}

/** By the first and the last day that a series has a value of; one without any is over. */
function overOf(database: Database, source: string | null, metric: string | null, nowMs: number): Over[] {
  const day = (which: 'min' | 'max'): string =>
    `(SELECT ${which}(startMs) FROM rollups WHERE series = id AND bucketMs = ${BUCKET_MS.day})`;
  const sample = '(SELECT max(timeMs) FROM samples WHERE series = id)';
  return database.all<Over>(
    `SELECT * FROM (
       SELECT id, ${WEEK_MS} + coalesce(2 * ${day('max')} - ${day('min')}, ${sample}, 0) AS overMs
       FROM series WHERE (?1 IS NULL OR (source = ?1 AND metric = ?2)) AND NOT ${IS_MEASURED}
     ) WHERE overMs < ?3`,
    ...[source, metric, Math.floor(nowMs)],
  );
}

/** Inside a transaction. @returns the number of rows */
function removeSeries(database: Database, id: number): number {
  return (
    database.run('DELETE FROM rollups WHERE series = ?', id) +
    database.run('DELETE FROM samples WHERE series = ?', id) +
    database.run('DELETE FROM series WHERE id = ?', id)
  );
}
