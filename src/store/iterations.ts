import type { Database } from './database.ts';

/** An iteration that has ended. */
interface EndedIteration {
  iteration: number;
  startedAt: string;
  endedAt: string;
  message: string;
  status: string;
}

export interface IterationRecords {
  /** @returns the number of the new iteration, one more than any before it */
  startIteration(startedAt: string): number;
  finishIteration(iteration: number, end: { endedAt: string; message: string; status: string }): void;
  /** The newest that has ended. */
  lastIteration(): EndedIteration | null;
  /** How many there have been in the life of the workspace, the running ones included. */
  iterationCount(): number;
}

export function iterationRecords(database: Database): IterationRecords {
  const count = (): number =>
    database.one<{ newest: number | null }>('SELECT max(iteration) AS newest FROM iterations')?.newest ?? 0;
  return {
    startIteration: startedAt =>
      // Its number is only shown together with a run, and recording that takes it to the disk as well.
      database.write(() => {
        const iteration = count() + 1;
        database.run('INSERT INTO iterations (iteration, startedAt) VALUES (?, ?)', iteration, startedAt);
        return iteration;
      }, 'process'),
    finishIteration: (iteration, { endedAt, message, status }) =>
      database.write(() => {
        const end = 'UPDATE iterations SET endedAt = ?, message = ?, status = ? WHERE iteration = ?';
        database.run(end, endedAt, message, status, iteration);
      }),
    lastIteration: () =>
      database.one<EndedIteration>(
        `SELECT iteration, startedAt, endedAt, message, status FROM iterations
         WHERE endedAt IS NOT NULL ORDER BY iteration DESC LIMIT 1`,
      ),
    iterationCount: count,
  };
}
