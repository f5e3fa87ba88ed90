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
  const database = new Database(path, { readOnly: false });
  try {
    refuseUnfit(database);
    database.execute(DURABLE);
    return { ...baselineWrites(database), close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}
