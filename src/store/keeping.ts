import { isObject, parsedJson } from '../json.ts';
import { believedMs, type ClockNotes, clockSeen } from './clock-notes.ts';
import type { Database } from './database.ts';
import { putFact } from './facts.ts';
import { rolledUp, rollUp } from './rollups.ts';
import type { SeriesNumbers } from './series.ts';
import { SeriesRoom } from './series-room.ts';

/** How long what is kept. */
interface Keeping {
  /** Age at which a run, and an incident that has ended, is removed. */
  keepMs: number;
  /** Age at which a raw sample is removed. */
  samplesMs: number;
  /** So many runs of each module are kept however old they are: `performance.json` shows them. */
  leastRuns: number;
}

export interface KeepingRecords {
  /**
   * One slice of the store's housekeeping, some ms: takes what is new into the roll-ups, and removes what is older than it is to be
   * kept and is in the roll-ups; of series of which there are too many, those that are over (see `SeriesRoom`). Nothing is lost when it is
   * cut short: the next slice goes on.
   *
   * A clock that is a year ahead for some time must not cost a history, so what is too old is so by a time that is believed (see
   * `believedMs`): where something runs all the time, raw samples after an hour of it and all else after a day.
   *
   * @returns whether there is more to do at once
   */
  keepHouse(keeping: Keeping, nowMs: number): boolean;
}

/** So many runs, and samples, are taken in by one slice: some 20 ms, because each has a place in up to 20 roll-ups. */
const TAKEN_IN = 200;

/**
 * Of the samples that wait a slice takes one in 50 where that is more, up to 5,000. The intake lets 10,000 in a second, and what is not
 * in the roll-ups is not removed: without this a flood would fill the disk. So many at once cost little more where they are of few
 * series; of a thousand, some 0.3 s.
 */
const SLICES_TO_GO = 50;
const MOST_TAKEN_IN = 5_000;

/** So many runs, iterations and incidents are removed by one slice. */
const REMOVED = 500;

/** So many of the oldest samples, and incidents, are looked at by one slice. */
const LOOKED_AT = 5_000;

/** What is to be removed is looked for so often. */
const HOUR_MS = 3_600_000;

const DAY_MS = 86_400_000;

const CLOCK_NOTES = 'calmClock';

export function keepingRecords(database: Database, numbers: SeriesNumbers): KeepingRecords {
  let nextRemovalMs = Number.NEGATIVE_INFINITY;
  const room = new SeriesRoom(database, numbers);
  const removeOld = (keeping: Keeping, nowMs: number): boolean => {
    if (nowMs < nextRemovalMs && nowMs > nextRemovalMs - 2 * HOUR_MS) return false;
    const removed = removeRuns(database, keeping, nowMs) + removeIncidents(database, nowMs - keeping.keepMs);
    const isMore = room.make(nowMs, REMOVED);
    nextRemovalMs = removed === 0 && !isMore ? nowMs + HOUR_MS : nowMs;
    return isMore || removed >= REMOVED;
  };
  return {
    keepHouse(keeping, nowMs) {
      const isBehind = rollUp(database, numbers, takenIn(database));
      const notes = noteClock(database, nowMs);
      const bySampleMs = believedMs(notes, nowMs, HOUR_MS);
      const byRunMs = believedMs(notes, nowMs, DAY_MS);
      const samples =
        bySampleMs === null ? 0 : removeSamples(database, bySampleMs - keeping.samplesMs, nowMs + DAY_MS);
      const isMore = byRunMs !== null && !isBehind && removeOld(keeping, byRunMs);
      return isBehind || isMore || samples >= REMOVED;
    },
  };
}

/** As many of the runs as of the samples, at most: where many runs wait, they come first. */
function takenIn(database: Database): number {
  const done = rolledUp(database);
  const runs = 'SELECT count(*) AS count FROM (SELECT 1 FROM runs WHERE seq > ? LIMIT ?)';
  if ((database.one<{ count: number }>(runs, done.run, TAKEN_IN)?.count ?? 0) === TAKEN_IN) return TAKEN_IN;
  const newest =
    database.one<{ seq: number | null }>('SELECT max(seq) AS seq FROM samples')?.seq ?? done.sample;
  const share = Math.ceil((newest - done.sample) / SLICES_TO_GO);
  return Math.min(Math.max(share, TAKEN_IN), MOST_TAKEN_IN);
}

/** A damaged note is made anew: that costs nothing but time. */
function noteClock(database: Database, nowMs: number): ClockNotes {
  const row = database.one<{ value: string }>('SELECT value FROM facts WHERE key = ?', CLOCK_NOTES);
  const value = row === null ? undefined : parsedJson(row.value);
  const known = isClockNotes(value) ? value : null;
  const notes = clockSeen(known, nowMs);
  if (notes !== known) database.write(() => putFact(database, CLOCK_NOTES, notes), 'process');
  return notes;
}

function isClockNotes(value: unknown): value is ClockNotes {
  if (!isObject(value) || !Array.isArray(value['looksMs'])) return false;
  return [value['seenMs'], value['calmSinceMs'], ...value['looksMs']].every(Number.isFinite);
}

/** What a clock that was ahead has left in the future is removed as well. */
function removeSamples(database: Database, beforeMs: number, afterMs: number): number {
  const old = `SELECT seq FROM (SELECT seq, timeMs FROM samples WHERE seq <= ? ORDER BY seq LIMIT ${LOOKED_AT})
    WHERE timeMs < ? OR timeMs > ?`;
  const bounds = [rolledUp(database).sample, Math.floor(beforeMs), Math.floor(afterMs)];
  if (database.one(`${old} LIMIT 1`, ...bounds) === null) return 0;
  return database.write(
    () => database.run(`DELETE FROM samples WHERE seq IN (${old})`, ...bounds),
    'process',
  );
}

/** The oldest first of one module after the other, at most a slice of them together; and the iterations of that time. */
function removeRuns(database: Database, { keepMs, leastRuns }: Keeping, nowMs: number): number {
  const beforeMs = Math.floor(nowMs - keepMs);
  const rolled = rolledUp(database).run;
  const old = `SELECT seq FROM runs WHERE module = ?1 AND startedMs < ?2 AND seq <= ?3 AND seq <= (
    SELECT seq FROM runs WHERE module = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?4) ORDER BY startedMs LIMIT ?5`;
  const remove = `DELETE FROM runs WHERE seq IN (${old})`;
  const modules = database
    .all<{ name: string }>('SELECT name FROM modules')
    .filter(({ name }) => database.one(old, name, beforeMs, rolled, leastRuns, 1) !== null);
  const before = new Date(beforeMs).toISOString();
  if (modules.length === 0 && database.one(OLD_ITERATIONS, before) === null) return 0;
  return database.write(() => {
    let removed = 0;
    for (const { name } of modules)
      removed += database.run(remove, name, beforeMs, rolled, leastRuns, REMOVED - removed);
    return removed + database.run(`DELETE FROM iterations WHERE iteration IN (${OLD_ITERATIONS})`, before);
  }, 'process');
}

/** Of the oldest ones; never the newest of all, because numbers go on from it. One that never ended counts by its start. */
const OLD_ITERATIONS = `
  SELECT iteration FROM (SELECT iteration, coalesce(endedAt, startedAt) AS time FROM iterations ORDER BY iteration LIMIT ${REMOVED})
  WHERE time < ? AND iteration < (SELECT max(iteration) FROM iterations)`;

/** An open one has not ended, however old it is. Their lines stay: `anomalies.log` is made of them. */
function removeIncidents(database: Database, beforeMs: number): number {
  const old = `SELECT seq FROM (SELECT seq, endedMs FROM incidents ORDER BY seq LIMIT ${LOOKED_AT}) WHERE endedMs < ? LIMIT ${REMOVED}`;
  if (database.one(old, Math.floor(beforeMs)) === null) return 0;
  const remove = `DELETE FROM incidents WHERE seq IN (${old})`;
  return database.write(() => database.run(remove, Math.floor(beforeMs)), 'process');
}
