import { BUCKET_MS } from '../buckets.ts';
import { isKnownMetric } from '../judge/values.ts';
import { labelsKey } from '../labels.ts';
import { SYSTEM_SOURCE } from '../metric-name.ts';
import type { Database } from './database.ts';
import { MOST_SERIES, OUTCOME_SIGN, type SeriesNumbers } from './series.ts';

const WEEK_MS = 7 * 86_400_000;

/** So many series are removed at once. */
const AT_ONCE = 100;

interface Over {
  id: number;
  source: string;
  metric: string;
  labels: string;
  /** Since when it is over. */
  overMs: number;
}

/**
 * Where as many series are kept as there may be, of a metric or together, removes a hundred that are over, with all that is kept of
 * them. A series is over when it has been silent for a week longer than it had lived: one with a label that was new for one run
 * after a week, one of a year after a year. What is measured of the machine and of modules never is.
 *
 * Cost: some counting; where there are too many, a look at each of them.
 *
 * @param nowMs a time that is believed
 * @param limit so many rows, about, are removed at once
 * @returns how many were removed
 */
export function makeRoom(database: Database, numbers: SeriesNumbers, nowMs: number, limit: number): number {
  const modules = new Set(database.all<{ name: string }>('SELECT name FROM modules').map(({ name }) => name));
  const over = crowded(database, nowMs)
    .filter(series => !isMeasured(series, modules))
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

/** Whoever reports may call a metric as one of a run is called. */
function isMeasured({ source, metric, labels }: Over, modules: ReadonlySet<string>): boolean {
  const isOfRuns = metric.startsWith(OUTCOME_SIGN) || (isKnownMetric(metric) && labels === labelsKey({}));
  return source === SYSTEM_SOURCE || (modules.has(source) && isOfRuns);
}

/** What is over of the metrics that have as many series as they may have; where there are too many together, of all. */
function crowded(database: Database, nowMs: number): Over[] {
  const { ofMetric, together } = MOST_SERIES;
  const all = database.one<{ count: number }>('SELECT count(*) AS count FROM series')?.count ?? 0;
  if (all >= together) return overOf(database, null, null, nowMs);
  return database
    .all<Pick<Over, 'source' | 'metric'>>(
      'SELECT source, metric FROM series GROUP BY source, metric HAVING count(*) >= ?',
      ofMetric,
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
       SELECT id, source, metric, labels, ${WEEK_MS} + coalesce(2 * ${day('max')} - ${day('min')}, ${sample}, 0) AS overMs
       FROM series WHERE ?1 IS NULL OR (source = ?1 AND metric = ?2)
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
