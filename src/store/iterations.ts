import type { HistoryReader } from '../history-reader.ts';
import type { Database } from './database.ts';

/** An iteration that has ended. */
interface EndedIteration {
  iteration: number;
  startedAt: string;
  endedAt: string;
  message: string;
  status: string;
}

export interface IterationRecords extends Pick<HistoryReader, 'iterationsBetween'> {
  /** @returns the number of the new iteration, one more than any before it */
  startIteration(startedAt: string): number;
  finishIteration(iteration: number, end: { endedAt: string; message: string; status: string }): void;
  /** Nothing was run in it, and nothing will be: as if it had never been started. */
  dropIteration(iteration: number): void;
  /** The newest that has ended. */
  lastIteration(): EndedIteration | null;
  /** How many there have been in the life of the workspace, the running ones included. */
  iterationCount(): number;
}

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
