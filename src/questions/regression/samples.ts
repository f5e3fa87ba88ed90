import { referenceOf } from '../../baseline/make-baseline.ts';
import { WatchkeeperError } from '../../errors.ts';
import type { Point } from '../../glossary/history.ts';
import type { HistoryReader } from '../../history-reader.ts';
import type { Reference } from '../../regression/reference.ts';
import { isOfRevision } from './revision.ts';

/** So many runs, or those of so much time. */
export type Extent = { runs: number } | { ms: number };

/** What recent runs are compared with. `before`: the runs just before them; `previous-week`: those of the seven days before. */
export type Against = 'baseline' | 'before' | 'previous-week' | { revision: string };

export interface Asked {
  module: string;
  metric: string;
}

/** What is compared with what. */
export interface Samples {
  reference: Reference;
  /** Of the reference's values; empty where they are not known. */
  timesMs: readonly number[];
  /** Oldest first. */
  recent: Point[];
  /** In words: what the recent runs are compared with. */
  words: string;
}

/** Where runs are read from, and which are recent. */
interface Read {
  reader: HistoryReader;
  asked: Asked;
  recent: Extent;
  nowMs: number;
}

const WEEK_MS = 7 * 86_400_000;

/** So many runs before the recent ones are compared with, and at most so many of any other reference. */
const BEFORE = 200;
const MOST = 5_000;

/** @returns null where there is nothing of that kind to compare with: no baseline was set, no run is of the revision */
export function samplesOf(read: Read, against: Against | null): Samples | null {
  if (against === null) return ofBaseline(read) ?? ofBefore(read);
  if (against === 'baseline') return ofBaseline(read);
  if (against === 'before') return ofBefore(read);
  return against === 'previous-week' ? ofPreviousWeek(read) : ofRevision(read, against.revision);
}

/** @throws WatchkeeperError 'usage' where nothing at all is of the kind that recent runs are to be compared with */
export function nothingAgainst(
  reader: HistoryReader,
  against: Against | null,
  modules: readonly string[],
): never {
  if (typeof against !== 'object' || against === null)
    throw new WatchkeeperError(
      'usage',
      `no such baseline was set: \`watchkeeper set-baseline ${modules[0] ?? 'MODULE'}\` makes one of the newest runs`,
    );
  const runs = modules.flatMap(module => reader.goodRuns(module, BEFORE));
  const known = [...new Set(runs.map(({ revision }) => revision ?? 'none'))].slice(-10);
  throw new WatchkeeperError(
    'usage',
    `no recorded run is of revision '${against.revision}': those of the newest runs are ${known.join(', ')}`,
  );
}

function ofBaseline(read: Read): Samples | null {
  const { reader, asked } = read;
  const baseline = reader.baseline(asked.module, asked.metric);
  if (baseline === null) return null;
  const { values, timesMs, setAt } = baseline;
  const [firstMs, lastMs] = [leastOf(timesMs), mostOf(timesMs)];
  return {
    reference: values.length > 0 ? values : referenceOf(baseline),
    timesMs,
    // Nothing is compared with itself, nor are what the baseline has left out as outliers.
    recent: recentOf(read).filter(({ timeMs }) => timeMs < firstMs || timeMs > lastMs),
    words: `the baseline of ${setAt.slice(0, 10)}`,
  };
}

function ofBefore({ reader, asked, recent: extent, nowMs }: Read): Samples {
  if ('runs' in extent) {
    const all = newest(reader, asked, extent.runs + BEFORE);
    const count = Math.min(extent.runs, all.length);
    return before(all.slice(0, all.length - count), all.slice(all.length - count));
  }
  const recent = recentOf({ reader, asked, recent: extent, nowMs });
  const sinceMs = nowMs - extent.ms;
  const earlier = newest(reader, asked, recent.length + BEFORE).filter(({ timeMs }) => timeMs < sinceMs);
  return before(earlier.slice(-BEFORE), recent);
}

function before(reference: readonly Point[], recent: Point[]): Samples {
  return { ...sampled(reference), recent, words: `the ${reference.length} run(s) before` };
}

function ofPreviousWeek(read: Read): Samples {
  const { reader, asked, nowMs } = read;
  const recent = recentOf(read);
  const beginMs = recent.length === 0 ? nowMs : leastOf(recent.map(({ timeMs }) => timeMs));
  const range = { sinceMs: beginMs - WEEK_MS, untilMs: beginMs - 1, newest: MOST };
  const reference = reader.values(asked.module, asked.metric, range);
  return { ...sampled(reference), recent, words: 'the seven days before' };
}

function ofRevision(read: Read, revision: string): Samples | null {
  const reference = newest(read.reader, read.asked, MOST).filter(each => isOfRevision(each, revision));
  if (reference.length === 0) return null;
  const recent = recentOf(read).filter(each => !isOfRevision(each, revision));
  return { ...sampled(reference), recent, words: `revision ${revision}` };
}

function recentOf({ reader, asked, recent, nowMs }: Read): Point[] {
  if ('runs' in recent) return newest(reader, asked, recent.runs);
  const range = { sinceMs: nowMs - recent.ms, untilMs: nowMs, newest: MOST };
  return reader.values(asked.module, asked.metric, range);
}

function newest(reader: HistoryReader, { module, metric }: Asked, count: number): Point[] {
  return reader.values(module, metric, { newest: count });
}

function sampled(points: readonly Point[]): Pick<Samples, 'reference' | 'timesMs'> {
  return { reference: points.map(({ value }) => value), timesMs: points.map(({ timeMs }) => timeMs) };
}

const leastOf = (times: readonly number[]): number =>
  times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const mostOf = (times: readonly number[]): number =>
  times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
