import { OUTCOMES } from '../glossary/run.ts';
import { SERVICE_METRICS } from '../glossary/service.ts';
import { KNOWN_METRICS } from '../judge/values.ts';
import { labelsKey } from '../labels.ts';
import { SYSTEM_SOURCE } from '../metric-name.ts';
import type { Database } from './database.ts';

/** So many are remembered: whoever reports under ever new names must not fill the memory. */
const MOST_KNOWN = 10_000;

/** So many series are kept of what is reported: labels that are new each time must not make the store grow for ever. */
export const MOST_SERIES = { ofMetric: 1_000, together: 10_000 };

/** How runs ended is rolled up like a metric. No metric can be named so. */
export const OUTCOME_SIGN = '@';

const texts = (values: readonly string[]): string => values.map(value => `'${value}'`).join(', ');

/**
 * Whether a row of `series` is what Watchkeeper measures itself, as a condition: what is named like a metric of the machine, of the runs
 * of a module that there is or was, or of such a service. All else is reported. These names are few, whoever gives a value to one, so
 * they always have room and are never removed.
 */
export const IS_MEASURED = `(source = '${SYSTEM_SOURCE}' OR (labels = '${labelsKey({})}' AND (
    (source IN (SELECT name FROM services) AND metric IN (${texts(SERVICE_METRICS)})) OR
    (source IN (SELECT name FROM modules) AND
      metric IN (${texts([...KNOWN_METRICS, ...OUTCOMES.map(outcome => OUTCOME_SIGN + outcome)])})))))`;

/** So many more series there may be of what is reported; negative in a store from before there was a limit. Cost: as of counting all. */
export function placesLeft(database: Database): number {
  const sql = `SELECT count(*) - (SELECT count(*) FROM series WHERE ${IS_MEASURED}) AS count FROM series`;
  return MOST_SERIES.together - (database.one<{ count: number }>(sql)?.count ?? 0);
}

/** Numbers of series, remembered: most values belong to one that was seen before. */
export class SeriesNumbers {
  readonly #database: Database;
  readonly #tell: (message: string) => void;
  readonly #told = new Set<string>();
  /** Null: one too many. */
  readonly #known = new Map<string, number | null>();
  /** For what is reported; null: not counted yet. */
  #placesLeft: number | null = null;
  #reopened = 0;
  /** So many modules and services: with a further one, more is measured. */
  #sources = 0;

  /** @param tell is told, once, of which metric further series are refused, and what to do about it */
  constructor(database: Database, tell: (message: string) => void = () => {}) {
    this.#database = database;
    this.#tell = tell;
  }

  /** One transaction that survives a killed process. Rolled back, what it made known is forgotten. */
  write<T>(action: () => T): T {
    try {
      return this.#database.write(() => {
        this.#lookAtSources();
        return action();
      }, 'process');
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /** Inside a transaction. The number of a series, which is made known where it is new; null: it is reported, and one too many. */
  of(source: string, metric: string, labels: string): number | null {
    if (this.#reopened !== this.#database.reopened || this.#known.size >= MOST_KNOWN) this.forget();
    const key = `${source}\n${metric}\n${labels}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const number =
      this.#found(source, metric, labels) ??
      (this.#hasPlace(source, metric, labels) ? this.#added(source, metric, labels) : null);
    this.#known.set(key, number);
    return number;
  }

  /** The same of one that was kept before, whatever there is too much of. */
  ofKept(...name: [source: string, metric: string, labels: string]): number {
    return this.#found(...name) ?? this.#added(...name);
  }

  /** To be called where series are gone. Those that are there are found again. */
  forget(): void {
    this.#known.clear();
    this.#placesLeft = null;
    this.#reopened = this.#database.reopened;
  }

  #lookAtSources(): void {
    const sql = 'SELECT (SELECT count(*) FROM modules) + (SELECT count(*) FROM services) AS count';
    const sources = this.#database.one<{ count: number }>(sql)?.count ?? 0;
    if (sources !== this.#sources) this.forget();
    this.#sources = sources;
  }

  #found(...name: [source: string, metric: string, labels: string]): number | null {
    const sql = 'SELECT id FROM series WHERE source = ? AND metric = ? AND labels = ?';
    return this.#database.one<{ id: number }>(sql, ...name)?.id ?? null;
  }

  #added(...name: [source: string, metric: string, labels: string]): number {
    const sql = 'INSERT INTO series (source, metric, labels) VALUES (?, ?, ?) RETURNING id';
    return this.#database.one<{ id: number }>(sql, ...name)?.id ?? 0;
  }

  /** For a new series, which takes it. */
  #hasPlace(source: string, metric: string, labels: string): boolean {
    const isMeasured = `SELECT 1 FROM (SELECT ? AS source, ? AS metric, ? AS labels) WHERE ${IS_MEASURED}`;
    if (this.#database.one(isMeasured, source, metric, labels) !== null) return true;
    const { ofMetric, together } = MOST_SERIES;
    if (this.#count(source, metric) >= ofMetric) {
      this.#tellOnce(`${source}.${metric} has ${ofMetric} series, and further ones are not kept`, 'labels');
      return false;
    }
    this.#placesLeft ??= placesLeft(this.#database);
    this.#placesLeft -= 1;
    if (this.#placesLeft >= 0) return true;
    this.#tellOnce(`there are ${together} series, and further ones are not kept`, 'sources, names or labels');
    return false;
  }

  #count(source: string, metric: string): number {
    const sql = 'SELECT count(*) AS count FROM series WHERE source = ? AND metric = ?';
    return this.#database.one<{ count: number }>(sql, source, metric)?.count ?? 0;
  }

  #tellOnce(what: string, causes: string): void {
    if (!this.#told.has(what))
      this.#tell(`${what}: report no ${causes} that are new each time, such as ids or times`);
    this.#told.add(what);
  }
}

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
