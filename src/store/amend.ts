import { WatchkeeperError } from '../errors.ts';
import { Database, DURABLE } from './database.ts';
import { type BaselineWrites, baselineWrites } from './kept-baselines.ts';
import { refuseOutOfReach, refuseUnfit } from './open-to-read.ts';

/**
 * Opens a store for a command that amends what a person sets, beside a running supervisor or without one.
 *
 * @throws WatchkeeperError 'store' where it is missing, damaged or of another version; 'file' where it is out of reach
 */
export function openToAmend(path: string): BaselineWrites & { close(): void } {
  refuseOutOfReach(path);
  const database = new Database(path, { readOnly: false, mustExist: true });
  try {
    refuseUnfit(database);
    database.execute(DURABLE);
    const writes = baselineWrites(database, action => amended(database, action));
    return { ...writes, close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * One transaction. A supervisor may bring the store up to date at the same time, or put another in its place where it is damaged: it
 * takes over what was amended before that, and what comes later must not be said to be done.
 */
function amended<T>(database: Database, action: () => T): T {
  const result = database.exclusively(() => {
    refuseUnfit(database);
    return action();
  });
  if (database.isSameFile()) return result;
  throw new WatchkeeperError('store', `${database.path} was damaged, and is being replaced: try again`);
}
