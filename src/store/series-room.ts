import { BUCKET_MS } from '../buckets.ts';
import type { Database } from './database.ts';
import { IS_MEASURED, MOST_SERIES, placesLeft, type SeriesNumbers } from './series.ts';

const WEEK_MS = 7 * 86_400_000;

/** So many series are looked at by one slice: some 5 ms. */
const LOOKED_AT = 2_500;

/** So many series are removed at once, and so much room is made. */
const AT_ONCE = 100;

/**
 * Where as many series are kept as there may be, of a metric or together, removes a hundred or so that are over, with all that is kept of
 * them, in as many slices as that takes. A series is over when it has been silent for a week longer than it had lived: one with a label
 * that was new for one run after a week, one of a year after a year. What is measured of the machine, of modules and of services never is.
 *
 * A slice looks at some series, the oldest first, and removes of these the longest over.
 */
export class SeriesRoom {
  readonly #database: Database;
  readonly #numbers: SeriesNumbers;
  /** Up to this one nothing is left to be removed. */
  #after = 0;
  /** Begun where there is no room, and gone on with until there is enough of it, or nothing more that is over. */
  #isMaking = false;

  constructor(database: Database, numbers: SeriesNumbers) {
    this.#database = database;
    this.#numbers = numbers;
  }

  /**
   * One slice.
   *
   * @param nowMs a time that is believed
   * @param limit so many rows, at most, are removed
   * @returns whether there is more to look at
   */
  make(nowMs: number, limit: number): boolean {
    const wanted = this.#isMaking ? AT_ONCE : 1;
    const isFull = placesLeft(this.#database) < wanted;
    const isCrowded = isFull || this.#database.one(fullMetrics(wanted)) !== null;
    const over = isCrowded ? overAfter(this.#database, this.#after, nowMs, isFull ? null : wanted) : [];
    if (over.length > 0) this.#remove(over, limit);
    else this.#after = isCrowded ? pageEnd(this.#database, this.#after) : 0;
    this.#isMaking = over.length > 0 || this.#after > 0;
    return this.#isMaking;
  }

  #remove(over: readonly number[], limit: number): void {
    this.#numbers.write(() =>
      over.reduce((rows, id) => rows + removeRows(this.#database, id, limit - rows), 0),
    );
    this.#numbers.forget();
  }
}

/** Those without room for so many more. */
function fullMetrics(wanted: number): string {
  return `SELECT source, metric FROM series GROUP BY source, metric HAVING count(*) > ${MOST_SERIES.ofMetric - wanted}`;
}

/**
 * By the first and the last day that a series has a value of; one without any is over.
 *
 * @param ofWanted of the metrics without room for so many more; null: of any, because there are too many together
 */
function overAfter(database: Database, after: number, nowMs: number, ofWanted: number | null): number[] {
  const day = (which: 'min' | 'max'): string =>
    `(SELECT ${which}(startMs) FROM rollups WHERE series = id AND bucketMs = ${BUCKET_MS.day})`;
  const sample = '(SELECT max(timeMs) FROM samples WHERE series = id)';
  const ofFull = ofWanted === null ? '' : `AND (source, metric) IN (${fullMetrics(ofWanted)})`;
  const rows = database.all<{ id: number }>(
    `SELECT id FROM (
       SELECT *, ${WEEK_MS} + coalesce(2 * ${day('max')} - ${day('min')}, ${sample}, 0) AS overMs
       FROM series WHERE id > ? ORDER BY id LIMIT ${LOOKED_AT}
     ) WHERE overMs < ? AND NOT ${IS_MEASURED} ${ofFull}
     ORDER BY overMs LIMIT ${AT_ONCE}`,
    ...[after, Math.floor(nowMs)],
  );
  return rows.map(({ id }) => id);
}

/** The last series that such a look has seen; 0 where it has seen all of the rest. */
function pageEnd(database: Database, after: number): number {
  const sql = `SELECT id FROM series WHERE id > ? ORDER BY id LIMIT 1 OFFSET ${LOOKED_AT - 1}`;
  return database.one<{ id: number }>(sql, after)?.id ?? 0;
}

/** In this order what is left of a series stays over, where it is more than may be removed at once. */
const PARTS = [
  'DELETE FROM samples WHERE seq IN (SELECT seq FROM samples WHERE series = ? LIMIT ?)',
  `DELETE FROM rollups WHERE (series, bucketMs, startMs) IN (
    SELECT series, bucketMs, startMs FROM rollups WHERE series = ? LIMIT ?)`,
  'DELETE FROM series WHERE id IN (SELECT id FROM series WHERE id = ? LIMIT ?)',
];

/** Inside a transaction; the series itself last. @returns the number of rows */
function removeRows(database: Database, id: number, limit: number): number {
  return PARTS.reduce((rows, sql) => rows + database.run(sql, id, limit - rows), 0);
}
