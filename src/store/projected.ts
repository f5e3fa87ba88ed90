import { join } from 'node:path';
import { WatchkeeperError } from '../errors.ts';
import { messageOf, statusOf } from '../summary.ts';
import { Database } from './database.ts';
import { appendEvents } from './events.ts';
import { upsertIncident } from './incidents.ts';
import { PERFORMANCE_FILE } from './performance.ts';
import { isOfIncident, type LogLine, readAnomalies } from './read-anomalies.ts';
import { type ImportedModule, lookAtPerformance } from './read-performance.ts';
import { addCounts, insertRun } from './runs.ts';
import { migrate } from './schema.ts';
import { createStore, type Store } from './store.ts';

/**
 * What `performance.json` and `anomalies.log` show, as a store in memory: for somebody who only looks, where there is no store (a
 * fresh clone) or it cannot be opened. Changes nothing.
 *
 * @returns null where neither is there
 * @throws WatchkeeperError 'file' where they cannot be read
 */
export function projectedStore(dataFolder: string): Store | null {
  const shown = lookAtPerformance(dataFolder);
  const lines = readAnomalies(dataFolder);
  if (shown === null && lines.length === 0) return null;
  if (shown !== null && 'problem' in shown) throw unusable(join(dataFolder, PERFORMANCE_FILE), shown.problem);
  const database = new Database(':memory:', { readOnly: false });
  migrate(database, 0);
  database.exclusively(() => {
    for (const [module, { runs, counts }] of Object.entries(shown?.modules ?? {})) {
      addCounts(database, module, counts);
      for (const run of runs) insertRun(database, run);
    }
    appendEvents(
      database,
      lines.map(({ event: { time, event }, line }) => ({ time, event, line })),
    );
    for (const { event } of lines) if (isOfIncident(event)) upsertIncident(database, event);
  });
  const store = createStore(database, null);
  database.exclusively(() => endIteration(database, lastIteration(store, shown?.modules ?? {}, lines)));
  return store;
}

/** A store in memory of a workspace in which nothing has run yet. */
export function emptyStore(): Store {
  const database = new Database(':memory:', { readOnly: false });
  migrate(database, 0);
  return createStore(database, null);
}

/** The newest iteration that the files show, as it ended. */
function lastIteration(store: Store, modules: Record<string, ImportedModule>, lines: LogLine[]): Ended {
  const [runs, events] = [
    Object.values(modules).flatMap(module => module.runs),
    lines.map(line => line.event),
  ];
  const iteration = [...runs, ...events].reduce((newest, each) => Math.max(newest, each.iteration), 0);
  const isOfIt = (each: { iteration: number }): boolean => each.iteration === iteration;
  const happened = {
    runs: runs.filter(isOfIt),
    events: events.filter(isOfIncident).filter(isOfIt),
    openIncidents: store.incidents({ open: true }),
  };
  const endedAt = [...happened.runs.map(run => run.endedAt), ...happened.events.map(event => event.time)]
    .sort()
    .at(-1);
  return { iteration, endedAt: endedAt ?? '', message: messageOf(happened), status: statusOf(happened) };
}

function endIteration(database: Database, { iteration, endedAt, message, status }: Ended): void {
  if (iteration === 0) return;
  const insert =
    'INSERT INTO iterations (iteration, startedAt, endedAt, message, status) VALUES (?, ?, ?, ?, ?)';
  database.run(insert, iteration, endedAt, endedAt, message, status);
}

interface Ended {
  iteration: number;
  endedAt: string;
  message: string;
  status: string;
}

function unusable(path: string, problem: string): WatchkeeperError {
  return new WatchkeeperError(
    'file',
    `${path} ${problem}: start the supervisor, which sets it aside and goes on, or bring a good one back from git`,
  );
}
