import { labelsKey } from '../labels.ts';
import type { Database } from './database.ts';

/** So many are remembered: whoever reports under ever new names must not fill the memory. */
const MOST_KNOWN = 10_000;

/** Numbers of series, remembered: most values belong to one that was seen before. */
export class SeriesNumbers {
  readonly #database: Database;
  readonly #known = new Map<string, number>();
  #reopened = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Inside a transaction. The number of a series, which is made known where it is new. */
  of(source: string, metric: string, labels: string): number {
    if (this.#reopened !== this.#database.reopened || this.#known.size >= MOST_KNOWN) this.forget();
    const key = `${source}\n${metric}\n${labels}`;
    const known = this.#known.get(key) ?? this.#added(source, metric, labels);
    this.#known.set(key, known);
    return known;
  }

  /** To be called where a transaction was rolled back: what it made known is not there. What is there is found again. */
  forget(): void {
    this.#known.clear();
    this.#reopened = this.#database.reopened;
  }

  #added(source: string, metric: string, labels: string): number {
    const row = this.#database.one<{ id: number }>(
      `INSERT INTO series (source, metric, labels) VALUES (?, ?, ?)
       ON CONFLICT (source, metric, labels) DO UPDATE SET labels = excluded.labels RETURNING id`,
      ...[source, metric, labels],
    );
    return row?.id ?? 0;
  }
}

/** How runs ended is rolled up like a metric. No metric can be named so. */
export const OUTCOME_SIGN = '@';

/** The numbers of the series that a name means: with labels the one that has exactly these, else all of the metric. */
export function seriesNumbers(
  database: Database,
  source: string,
  metric: string,
  labels: Record<string, string> | null,
): number[] {
  const sql = 'SELECT id FROM series WHERE source = ?1 AND metric = ?2 AND (?3 IS NULL OR labels = ?3)';
  return database
    .all<{ id: number }>(sql, source, metric, labels === null ? null : labelsKey(labels))
    .map(({ id }) => id);
}
