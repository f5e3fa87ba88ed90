import { renameSync } from 'node:fs';
import { adoptionRecords, keepBaselines } from './adopt.ts';
import { Database, DURABLE } from './database.ts';
import { takeOverHistory } from './import.ts';
import type { Judge } from './judge-all.ts';
import { type Owner, ownerRecords } from './owner.ts';
import { salvage, salvagedBaselines } from './salvage.ts';
import { migrate } from './schema.ts';
import {
  createPrivate,
  forgetUntaken,
  newStoreFile,
  removeStore,
  setStoreAside,
  sidesNotice,
} from './store-files.ts';

export interface Replacing {
  dataFolder: string;
  /** Who holds the workspace: it is theirs as before. */
  owner: Owner;
  judge: Judge;
  nowMs: number;
}

/**
 * Puts a fresh store in the place of one that was found damaged while it is in use: with the history of the files and with what
 * can still be read of the damaged one, which is set aside. The fresh one is made beside it first: where that fails
 * (a full disk), nothing has changed.
 *
 * @returns messages for the user
 * @throws WatchkeeperError 'store', 'file'
 */
export function replaceStore(database: Database, replacing: Replacing): string[] {
  const { path } = database;
  const fresh = newStoreFile(path);
  removeStore(fresh);
  const messages = make(fresh, path, replacing);
  database.close();
  try {
    const aside = setStoreAside(path, replacing.nowMs);
    takeBaselines(aside, fresh);
    renameSync(fresh, path);
    forgetUntaken(path);
    return [`the store was damaged while in use: set aside as ${aside}`, ...sidesNotice(aside), ...messages];
  } finally {
    database.reopen();
  }
}

/** Once more: a command may have set some meanwhile, and said so. From here on it finds that its store was replaced. */
function takeBaselines(aside: string, fresh: string): void {
  const baselines = salvagedBaselines(aside);
  if (baselines === null) return;
  const database = new Database(fresh, { readOnly: false });
  try {
    database.exclusively(() => {
      database.run('DELETE FROM baselines');
      keepBaselines(database, baselines);
    });
  } finally {
    database.close();
  }
}

/** Closed again, so that all of it is in the one file. */
function make(fresh: string, damaged: string, { dataFolder, owner, judge, nowMs }: Replacing): string[] {
  createPrivate(fresh);
  const database = new Database(fresh, { readOnly: false });
  try {
    database.execute(DURABLE);
    migrate(database, 0);
    ownerRecords(database).claim(owner);
    const heir = {
      ...adoptionRecords(database),
      salvaged: () => salvage(damaged),
      judgeWith: () => undefined,
    };
    return takeOverHistory(heir, dataFolder, judge, nowMs);
  } catch (error) {
    database.close();
    removeStore(fresh);
    throw error;
  } finally {
    database.close();
  }
}
