import { BUCKET_MS } from '../buckets.ts';
import type { HistoryReader } from '../history-reader.ts';
import { parsedJson } from '../json.ts';
import { valueIn } from '../judge/values.ts';
import type { Point, Range, Run } from '../types.ts';
import type { Database } from './database.ts';
import { EVER } from './ever.ts';
import { rolledUp } from './rollups.ts';
import { seriesNumbers } from './series.ts';

export type RunValueRecords = Pick<HistoryReader, 'values'>;

export function runValueRecords(database: Database): RunValueRecords {
  const remembered = new RememberedRuns(database);
  return {
    values(module, metric, range) {
      const most = range.newest ?? Number.POSITIVE_INFINITY;
      const points: Point[] = [];
      for (const page of pagesOf(database, module, metric, range)) {
        remembered.read(module, page);
        for (const place of page) {
          const point = pointOf(remembered.run(place.seq), place, metric);
          if (point !== null) points.push(point);
        }
        if (points.length >= most) break;
      }
      return points.slice(0, most).reverse();
    },
  };
}

function pointOf(run: Run | null, { startedMs }: Place, metric: string): Point | null {
  const value = run === null ? null : valueIn(run, metric);
  return run === null || value === null ? null : { timeMs: startedMs, value, revision: run.revision ?? null };
}

/** Where a run is found. */
interface Place {
  seq: number;
  startedMs: number;
}

const SMALLEST_PAGE = 32;
const LARGEST_PAGE = 2_000;

/** Of so many runs the metric is simply looked for; of those before only where the roll-ups say that it is there. */
const LOOKED_AT = 20_000;

/** Where the runs of a module in a range are, the newest first by the order of recording; of a metric that few of them have not all. */
function* pagesOf(database: Database, module: string, metric: string, range: Range): Generator<Place[]> {
  const { sinceMs, untilMs, newest = LARGEST_PAGE } = range;
  const isWhole = sinceMs === undefined && untilMs === undefined;
  let before = Number.MAX_SAFE_INTEGER;
  if (isWhole) {
    const newestPages = pagesBySeq(database, module, Math.max(newest, SMALLEST_PAGE));
    for (let read = 0; read < LOOKED_AT; ) {
      const page = newestPages.next().value;
      if (page === undefined) return;
      yield page;
      read += page.length;
      before = page.at(-1)?.seq ?? before;
    }
  }
  const places = database
    .all<Place>(
      'SELECT seq, startedMs FROM runs WHERE module = ? AND startedMs BETWEEN ? AND ?',
      ...[module, sinceMs ?? EVER.sinceMs, untilMs ?? EVER.untilMs],
    )
    .filter(({ seq }) => seq < before)
    .sort((a, b) => b.seq - a.seq);
  yield* inPages(isWhole ? [] : places.slice(0, LOOKED_AT));
  yield* inPages(whereItIs(database, module, metric, isWhole ? places : places.slice(LOOKED_AT)));
}

function* pagesBySeq(database: Database, module: string, first: number): Generator<Place[], undefined> {
  let size = Math.min(first, LARGEST_PAGE);
  for (let before = Number.MAX_SAFE_INTEGER; ; size = Math.min(2 * size, LARGEST_PAGE)) {
    const page = database.all<Place>(
      'SELECT seq, startedMs FROM runs WHERE module = ? AND seq < ? ORDER BY seq DESC LIMIT ?',
      ...[module, before, size],
    );
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    before = last.seq;
  }
}

function* inPages(places: readonly Place[]): Generator<Place[]> {
  for (let from = 0; from < places.length; from += LARGEST_PAGE)
    yield places.slice(from, from + LARGEST_PAGE);
}

/** Runs in hours that have a roll-up of the metric, and those that are in no roll-up yet. */
function whereItIs(database: Database, module: string, metric: string, places: readonly Place[]): Place[] {
  if (places.length === 0) return [];
  const rolled = rolledUp(database).run;
  const hours = new Set(
    seriesNumbers(database, module, metric, null).flatMap(series =>
      database
        .all<{ startMs: number }>(
          'SELECT startMs FROM rollups WHERE series = ? AND bucketMs = ?',
          ...[series, BUCKET_MS.hour],
        )
        .map(({ startMs }) => startMs),
    ),
  );
  const hourOf = (ms: number): number => Math.floor(ms / BUCKET_MS.hour) * BUCKET_MS.hour;
  return places.filter(({ seq, startedMs }) => seq > rolled || hours.has(hourOf(startedMs)));
}

/** More are not remembered at once. */
const MOST_REMEMBERED = 25_000;

/** The `ok` runs of the module that was asked for last: a run never changes, and after one of its metrics the next one is asked for. */
class RememberedRuns {
  readonly #database: Database;
  #module = '';
  #reopened = 0;
  /** By sequence number; null: it did not succeed, or its record is damaged, which the supervisor mends. */
  readonly #runs = new Map<number, Run | null>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Reads those of a page that are not remembered. */
  read(module: string, page: readonly Place[]): void {
    if (module !== this.#module || this.#reopened !== this.#database.reopened) this.#runs.clear();
    this.#module = module;
    this.#reopened = this.#database.reopened;
    if (this.#runs.size + page.length > MOST_REMEMBERED) this.#runs.clear();
    const missing = page.flatMap(({ seq }) => (this.#runs.has(seq) ? [] : [seq]));
    if (missing.length === 0) return;
    const rows = this.#database.all<{ seq: number; record: string }>(
      'SELECT seq, record FROM runs WHERE seq IN (SELECT value FROM json_each(?))',
      JSON.stringify(missing),
    );
    for (const { seq, record } of rows) {
      const run = parsedJson(record) as Run | undefined;
      this.#runs.set(seq, run?.outcome === 'ok' ? run : null);
    }
  }

  run(seq: number): Run | null {
    return this.#runs.get(seq) ?? null;
  }
}
