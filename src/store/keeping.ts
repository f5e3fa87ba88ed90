import { isObject, parsedJson } from '../json.ts';
import type { Database } from './database.ts';
import { putFact } from './facts.ts';
import { rolledUp, rollUp } from './rollups.ts';

/** How long what is kept. */
interface Keeping {
  /** Age at which a run is removed. */
  keepMs: number;
  /** Age at which a raw sample is removed. */
  samplesMs: number;
  /** So many runs of each module are kept however old they are: `performance.json` shows them. */
  leastRuns: number;
}

export interface KeepingRecords {
  /**
   * One slice of the store's housekeeping, some ms: takes what is new into the roll-ups, and removes what is older than it is to be
   * kept and is in the roll-ups. Nothing is lost when it is cut short: the next slice goes on.
   *
   * Runs are not removed in the first day after the clock was found to have jumped by more than a day (or nothing was
   * recorded for so long), raw samples not in the first hour: a clock that is a year ahead for a moment must not cost a history.
   *
   * @returns whether there is more to do at once
   */
  keepHouse(keeping: Keeping, nowMs: number): boolean;
}

/** So many runs, and samples, are taken in by one slice: some 20 ms, because each has a place in up to 20 roll-ups. */
const TAKEN_IN = 200;

/** So many runs, and iterations, are removed by one slice. */
const REMOVED = 500;

/** So many of the oldest samples are looked at by one slice. */
const LOOKED_AT = 5_000;

/** What is to be removed is looked for so often. */
const HOUR_MS = 3_600_000;

const DAY_MS = 86_400_000;

/** Up to when the clock was seen, and since when it has not jumped. */
interface CalmClock {
  seenMs: number;
  calmSinceMs: number;
}

const CALM_CLOCK = 'calmClock';

export function keepingRecords(database: Database): KeepingRecords {
  let nextRemovalMs = Number.NEGATIVE_INFINITY;
  const removeOldRuns = (keeping: Keeping, nowMs: number): number => {
    if (nowMs < nextRemovalMs && nowMs > nextRemovalMs - 2 * HOUR_MS) return 0;
    const removed = removeRuns(database, keeping, nowMs);
    nextRemovalMs = removed === 0 ? nowMs + HOUR_MS : nowMs;
    return removed;
  };
  return {
    keepHouse(keeping, nowMs) {
      const isBehind = rollUp(database, TAKEN_IN);
      const calmMs = nowMs - noteClock(database, nowMs).calmSinceMs;
      const samples =
        calmMs >= HOUR_MS ? removeSamples(database, nowMs - keeping.samplesMs, nowMs + DAY_MS) : 0;
      const runs = calmMs >= DAY_MS && !isBehind ? removeOldRuns(keeping, nowMs) : 0;
      return isBehind || samples + runs >= REMOVED;
    },
  };
}

/** How far a clock may have gone on between two looks, without a jump being noted each time. */
const NOTED_MS = 3_600_000;

function noteClock(database: Database, nowMs: number): CalmClock {
  const row = database.one<{ value: string }>('SELECT value FROM facts WHERE key = ?', CALM_CLOCK);
  const value = row === null ? undefined : parsedJson(row.value);
  const known = isCalmClock(value) ? value : null; // a damaged note is noted anew
  const passedMs = known === null ? Number.POSITIVE_INFINITY : nowMs - known.seenMs;
  const isCalm = known !== null && passedMs > -NOTED_MS && passedMs < DAY_MS;
  if (isCalm && Math.abs(passedMs) < NOTED_MS) return known;
  const noted = { seenMs: nowMs, calmSinceMs: isCalm ? known.calmSinceMs : nowMs };
  database.write(() => putFact(database, CALM_CLOCK, noted), 'process');
  return noted;
}

function isCalmClock(value: unknown): value is CalmClock {
  return isObject(value) && Number.isFinite(value['seenMs']) && Number.isFinite(value['calmSinceMs']);
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
