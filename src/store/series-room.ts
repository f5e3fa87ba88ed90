import { BUCKET_MS } from '../buckets.ts';
import { isKnownMetric } from '../judge/values.ts';
import { labelsKey } from '../labels.ts';
import { SYSTEM_SOURCE } from '../metric-name.ts';
import type { Database } from './database.ts';
import { MOST_SERIES, OUTCOME_SIGN, type SeriesNumbers } from './series.ts';

const WEEK_MS = 7 * 86_400_000;

/** So many series are removed at once. */
const AT_ONCE = 100;

interface Lived {
  id: number;
  source: string;
  metric: string;
  labels: string;
  /** The first and the last day that it has a value of; 0 where it has none at all. */
  firstMs: number;
  lastMs: number;
}

/**
 * Where as many series are kept as there may be, of a metric or together, removes a hundred that are over, with all that is kept of
 * them. A series is over when it has been silent for a week longer than it had lived: one with a label that was new for one run
 * after a week, one of a year after a year. What is measured here never is.
 *
 * Cost: some counting; where there are too many, a look at each of them.
 *
 * @param nowMs a time that is believed
 * @param limit so many rows, about, are removed at once
 * @returns how many were removed
 */
export function makeRoom(database: Database, numbers: SeriesNumbers, nowMs: number, limit: number): number {
  const over = crowded(database)
    .filter(series => isOver(series, nowMs))
    .sort((a, b) => overSince(a) - overSince(b))
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

function overSince({ firstMs, lastMs }: Lived): number {
  return lastMs + (lastMs - firstMs) + WEEK_MS;
}

function isOver(series: Lived, nowMs: number): boolean {
  const { source, metric, labels } = series;
  const isOfModules = metric.startsWith(OUTCOME_SIGN) || (isKnownMetric(metric) && labels === labelsKey({}));
  return source !== SYSTEM_SOURCE && !isOfModules && overSince(series) < nowMs;
}

/** The series of all metrics that have as many as they may have; where there are too many together, all of them. */
function crowded(database: Database): Lived[] {
  const { ofMetric, together } = MOST_SERIES;
  const all = database.one<{ count: number }>('SELECT count(*) AS count FROM series')?.count ?? 0;
  if (all >= together) return livedOf(database, null, null);
  return database
    .all<Pick<Lived, 'source' | 'metric'>>(
      'SELECT source, metric FROM series GROUP BY source, metric HAVING count(*) >= ?',
      ofMetric,
    )
    .flatMap(({ source, metric }) => livedOf(database, source, metric));
}

function livedOf(database: Database, source: string | null, metric: string | null): Lived[] {
  const day = (which: 'min' | 'max'): string =>
    `(SELECT ${which}(startMs) FROM rollups WHERE series = id AND bucketMs = ${BUCKET_MS.day})`;
  const sample = '(SELECT max(timeMs) FROM samples WHERE series = id)';
  return database.all<Lived>(
    `SELECT id, source, metric, labels, coalesce(${day('min')}, ${sample}, 0) AS firstMs, coalesce(${day('max')}, ${sample}, 0) AS lastMs
     FROM series WHERE ?1 IS NULL OR (source = ?1 AND metric = ?2)`,
    ...[source, metric],
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
