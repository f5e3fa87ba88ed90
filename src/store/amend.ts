import { join } from 'node:path';
import { WatchkeeperError } from '../errors.ts';
import { Database, DURABLE } from './database.ts';
import { type BaselineWrites, baselineWrites } from './kept-baselines.ts';
import { refuseOutOfReach, refuseUnfit, STORE_FILE } from './open-to-read.ts';

/**
 * Amends what a person sets in the store of a workspace, beside a running supervisor or without one.
 *
 * @param root the workspace
 * @throws WatchkeeperError 'store' where it is missing, damaged or of another version; 'file' where it is out of reach
 */
export function amending<T>(root: string, amend: (writes: BaselineWrites) => T): T {
  const path = join(root, 'data', STORE_FILE);
  refuseOutOfReach(path, 'start the supervisor or `watchkeeper once` first, which makes it');
  const database = new Database(path, { readOnly: false, mustExist: true });
  try {
    refuseUnfit(database);
    database.execute(DURABLE);
    return amend(baselineWrites(database, action => amended(database, action)));
  } finally {
    database.close();
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
