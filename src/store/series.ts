import { labelsKey } from '../labels.ts';
import type { Database } from './database.ts';

/** So many are remembered: whoever reports under ever new names must not fill the memory. */
const MOST_KNOWN = 10_000;

/** So many series are kept of what is reported: labels that are new each time must not make the store grow for ever. */
export const MOST_SERIES = { ofMetric: 1_000, together: 10_000 };

/** Numbers of series, remembered: most values belong to one that was seen before. */
export class SeriesNumbers {
  readonly #database: Database;
  readonly #tell: (message: string) => void;
  readonly #told = new Set<string>();
  /** Null: one too many. */
  readonly #known = new Map<string, number | null>();
  #reopened = 0;

  /** @param tell is told, once, of which metric further series are refused, and what to do about it */
  constructor(database: Database, tell: (message: string) => void = () => {}) {
    this.#database = database;
    this.#tell = tell;
  }

  /** One transaction that survives a killed process. Rolled back, what it made known is forgotten. */
  write<T>(action: () => T): T {
    try {
      return this.#database.write(action, 'process');
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /** Inside a transaction. The number of a series, which is made known where it is new. */
  of(source: string, metric: string, labels: string): number {
    return this.#number(source, metric, labels, false) ?? 0;
  }

  /** The same of a series that somebody else names; null: it is new, and one too many. */
  ofReported(source: string, metric: string, labels: string): number | null {
    return this.#number(source, metric, labels, true);
  }

  /** To be called where series are gone. Those that are there are found again. */
  forget(): void {
    this.#known.clear();
    this.#reopened = this.#database.reopened;
  }

  #number(source: string, metric: string, labels: string, isLimited: boolean): number | null {
    if (this.#reopened !== this.#database.reopened || this.#known.size >= MOST_KNOWN) this.forget();
    const key = `${source}\n${metric}\n${labels}`;
    const known = this.#known.get(key);
    if (typeof known === 'number' || (known === null && isLimited)) return known;
    const number =
      this.#found(source, metric, labels) ??
      (isLimited && this.#isFull(source, metric) ? null : this.#added(source, metric, labels));
    this.#known.set(key, number);
    return number;
  }

  #found(...name: [source: string, metric: string, labels: string]): number | null {
    const sql = 'SELECT id FROM series WHERE source = ? AND metric = ? AND labels = ?';
    return this.#database.one<{ id: number }>(sql, ...name)?.id ?? null;
  }

  #added(...name: [source: string, metric: string, labels: string]): number {
    const sql = 'INSERT INTO series (source, metric, labels) VALUES (?, ?, ?) RETURNING id';
    return this.#database.one<{ id: number }>(sql, ...name)?.id ?? 0;
  }

  #isFull(source: string, metric: string): boolean {
    const { ofMetric, together } = MOST_SERIES;
    if (this.#count('WHERE source = ? AND metric = ?', source, metric) >= ofMetric) {
      const name = `${source}.${metric}`;
      this.#tellOnce(`${name} has ${ofMetric} series, and further ones are not kept`, 'labels');
      return true;
    }
    if (this.#count('') < together) return false;
    this.#tellOnce(`there are ${together} series, and further ones are not kept`, 'sources, names or labels');
    return true;
  }

  #count(where: string, ...values: string[]): number {
    const sql = `SELECT count(*) AS count FROM series ${where}`;
    return this.#database.one<{ count: number }>(sql, ...values)?.count ?? 0;
  }

  #tellOnce(what: string, causes: string): void {
    if (!this.#told.has(what))
      this.#tell(`${what}: report no ${causes} that are new each time, such as ids or times`);
    this.#told.add(what);
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
