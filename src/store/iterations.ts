import type { AnomalyEvent, LogEvent } from '../glossary/event.ts';
import type { Run } from '../glossary/run.ts';
import type { HistoryReader } from '../history-reader.ts';
import type { Database } from './database.ts';
import { parseRecord } from './database-errors.ts';
import { runOfRecord } from './run-record.ts';

/** An iteration that has ended. */
interface EndedIteration {
  iteration: number;
  startedAt: string;
  endedAt: string;
  message: string;
  status: string;
}

/** What is recorded of an iteration. */
interface IterationRecord {
  iteration: number;
  /** In the order of their recording. */
  runs: Run[];
  events: AnomalyEvent[];
}

export interface IterationRecords extends Pick<HistoryReader, 'iterationsBetween'> {
  /** @returns the number of the new iteration, one more than any before it */
  startIteration(startedAt: string): number;
  finishIteration(iteration: number, end: { endedAt: string; message: string; status: string }): void;
  /** Nothing was run in it, and nothing will be: as if it had never been started. */
  dropIteration(iteration: number): void;
  /** Those, of the newest ones, that have not ended: at a start, because their supervisor was killed. */
  unfinishedIterations(): number[];
  /** Of the newest runs and events those of such iterations; one without any is left out. */
  recordedIn(iterations: ReadonlySet<number>): IterationRecord[];
  /** The newest that has ended. */
  lastIteration(): EndedIteration | null;
  /** How many there have been in the life of the workspace, the running ones included. */
  iterationCount(): number;
}

/** So many of the newest iterations, runs and events are looked at: those that were under way when a supervisor was killed are among them. */
const LOOKED_AT = 1_000;

export function iterationRecords(database: Database): IterationRecords {
  /** A number that was given out is never given again, also where the store had to be replaced and does not know it. */
  let given = 0;
  const newest = 'SELECT max(iteration) AS newest FROM iterations';
  const count = (): number => database.one<{ newest: number | null }>(newest)?.newest ?? 0;
  return {
    startIteration(startedAt) {
      // Its number is only shown together with a run, and recording that takes it to the disk as well.
      given = database.write(() => {
        const iteration = Math.max(given, count()) + 1;
        database.run('INSERT INTO iterations (iteration, startedAt) VALUES (?, ?)', iteration, startedAt);
        return iteration;
      }, 'process');
      return given;
    },
    finishIteration: (iteration, { endedAt, message, status }) =>
      database.write(() => {
        // It may be unknown here: begun in a store that had to be replaced while it ran.
        const end = `INSERT INTO iterations (iteration, startedAt, endedAt, message, status) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (iteration) DO UPDATE SET endedAt = excluded.endedAt, message = excluded.message, status = excluded.status`;
        database.run(end, iteration, endedAt, endedAt, message, status);
      }),
    dropIteration: iteration =>
      database.write(() => database.run('DELETE FROM iterations WHERE iteration = ?', iteration), 'process'),
    unfinishedIterations: () =>
      database
        .all<{ iteration: number }>(
          `SELECT iteration FROM (SELECT iteration, endedAt FROM iterations ORDER BY iteration DESC LIMIT ${LOOKED_AT})
           WHERE endedAt IS NULL ORDER BY iteration`,
        )
        .map(({ iteration }) => iteration),
    recordedIn(iterations) {
      if (iterations.size === 0) return [];
      const runs = newestRuns(database).filter(run => iterations.has(run.iteration));
      const events = newestEvents(database);
      return [...Map.groupBy(runs, run => run.iteration)].map(([iteration, inside]) => ({
        iteration,
        runs: inside,
        events: events.filter(event => event.iteration === iteration),
      }));
    },
    lastIteration: () =>
      database.one<EndedIteration>(
        `SELECT iteration, startedAt, endedAt, message, status FROM iterations
         WHERE endedAt IS NOT NULL ORDER BY iteration DESC LIMIT 1`,
      ),
    iterationsBetween: (fromMs, toMs) =>
      database.one<{ count: number }>(
        'SELECT count(*) AS count FROM iterations WHERE startedAt >= ? AND startedAt < ?',
        ...[fromMs, toMs].map(ms => new Date(ms).toISOString()),
      )?.count ?? 0,
    iterationCount: count,
  };
}

function newestRuns(database: Database): Run[] {
  return database
    .all<{ record: string }>('SELECT record FROM runs ORDER BY seq DESC LIMIT ?', LOOKED_AT)
    .reverse()
    .map(({ record }) => runOfRecord(database.path, record));
}

function newestEvents(database: Database): AnomalyEvent[] {
  return database
    .all<{ line: string }>('SELECT line FROM events ORDER BY seq DESC LIMIT ?', LOOKED_AT)
    .reverse()
    .map(({ line }) => parseRecord<LogEvent>(database.path, line))
    .filter(event => event.event !== 'change');
}
