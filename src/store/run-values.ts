import { BUCKET_MS } from '../buckets.ts';
import type { Point, Range } from '../glossary/history.ts';
import type { HistoryReader } from '../history-reader.ts';
import { valueIn } from '../judge/values.ts';
import type { Database } from './database.ts';
import { EVER } from './ever.ts';
import { RememberedRuns, type StartedRun } from './remembered-runs.ts';
import { rolledUp } from './rollups.ts';
import { seriesNumbers } from './series.ts';

export type RunValueRecords = Pick<HistoryReader, 'values'>;

export function runValueRecords(database: Database): RunValueRecords {
  const runs = new RememberedRuns(database);
  return {
    values(module, metric, range) {
      const most = range.newest ?? Number.POSITIVE_INFINITY;
      const points: Point[] = [];
      for (const page of pagesOf({ database, runs }, module, metric, range)) {
        runs.read(module, page);
        for (const seq of page) {
          const point = pointOf(runs.run(seq), metric);
          if (point !== null) points.push(point);
        }
        if (points.length >= most) break;
      }
      return points.slice(0, most).reverse();
    },
  };
}

/** What is asked: the store, and of its runs those that were read before. */
interface Source {
  database: Database;
  runs: RememberedRuns;
}

function pointOf(started: StartedRun | null, metric: string): Point | null {
  if (started === null) return null;
  const { startedMs, run } = started;
  const value = valueIn(run, metric);
  return value === null ? null : { timeMs: startedMs, value, revision: run.revision ?? null };
}

const SMALLEST_PAGE = 32;
const LARGEST_PAGE = 2_000;

/** Of so many runs the metric is simply looked for; of those before only where the roll-ups say that it is there. */
const LOOKED_AT = 20_000;

/**
 * The sequence numbers of the runs of a module in a range, the newest first by the order of recording; of a metric that few of them have
 * not all. They stand in an index: the runs themselves are read once only, by `RememberedRuns`.
 */
function* pagesOf(
  { database, runs }: Source,
  module: string,
  metric: string,
  range: Range,
): Generator<readonly number[]> {
  const isWhole = range.sinceMs === undefined && range.untilMs === undefined;
  let looked = 0;
  let before = 0;
  for (const page of isWhole ? pagesBySeq(runs, module, range.newest) : pagesByStart(runs, module, range)) {
    yield page;
    looked += page.length;
    before = page.at(-1) ?? before;
    if (looked >= LOOKED_AT) break;
  }
  if (looked < LOOKED_AT) return;
  const { sinceMs, untilMs } = { ...EVER, ...range };
  const places = database.tuples<Place>(
    'SELECT seq, startedMs FROM runs WHERE module = ? AND startedMs BETWEEN ? AND ? AND seq < ? ORDER BY +seq DESC',
    ...[module, sinceMs, untilMs, before],
  );
  yield* inPages(whereItIs(database, module, metric, places).map(([seq]) => seq));
}

/** Where a run is found. */
type Place = [seq: number, startedMs: number];

function* pagesBySeq(
  runs: RememberedRuns,
  module: string,
  newest = LARGEST_PAGE,
): Generator<readonly number[]> {
  let size = Math.min(Math.max(newest, SMALLEST_PAGE), LARGEST_PAGE);
  for (let before = Number.MAX_SAFE_INTEGER; ; size = Math.min(2 * size, LARGEST_PAGE)) {
    const page = runs.seqs(module, 'seq < ? ORDER BY seq DESC LIMIT ?', before, size);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    before = last;
  }
}

function pagesByStart(runs: RememberedRuns, module: string, range: Range): Generator<readonly number[]> {
  const { sinceMs, untilMs } = { ...EVER, ...range };
  // The + keeps the order from being the way in which the runs are looked for.
  const condition = 'startedMs BETWEEN ? AND ? ORDER BY +seq DESC LIMIT ?';
  return inPages(runs.seqs(module, condition, sinceMs, untilMs, LOOKED_AT));
}

function* inPages(seqs: readonly number[]): Generator<number[]> {
  for (let from = 0; from < seqs.length; from += LARGEST_PAGE) yield seqs.slice(from, from + LARGEST_PAGE);
}

/** Runs in hours that have a roll-up of the metric, and those that are in no roll-up yet. */
function whereItIs(database: Database, module: string, metric: string, places: readonly Place[]): Place[] {
  if (places.length === 0) return [];
  const rolled = rolledUp(database).run;
  const hours = new Set(
    seriesNumbers(database, module, metric, null).flatMap(series =>
      database
        .tuples<[startMs: number]>(
          'SELECT startMs FROM rollups WHERE series = ? AND bucketMs = ?',
          ...[series, BUCKET_MS.hour],
        )
        .map(([startMs]) => startMs),
    ),
  );
  const hourOf = (ms: number): number => Math.floor(ms / BUCKET_MS.hour) * BUCKET_MS.hour;
  return places.filter(([seq, startedMs]) => seq > rolled || hours.has(hourOf(startedMs)));
}
