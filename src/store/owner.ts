import { WatchkeeperError } from '../errors.ts';
import type { Database } from './database.ts';
import { parseRecord } from './database-errors.ts';

/** The process that holds the workspace. Pid, start time and boot id together name one process for ever. */
export interface Owner {
  pid: number;
  /** As the operating system counts it; compared, never shown. */
  startTime: string;
  bootId: string;
  host: string;
  /** Random, new with each start: the fence. */
  nonce: string;
  startedAt: string;
  version: string;
}

export interface OwnerRecords {
  /**
   * Makes us the owner, whoever was it before: only for the one who holds the lock. From here on writes are ours.
   *
   * @param replacing the nonce of the owner that was judged dead (null: that there was none); left out: any
   * @throws WatchkeeperError 'held' where another one was quicker and `replacing` no longer holds
   */
  claim(owner: Owner, replacing?: string | null): void;
  /** Gives the workspace back; nothing where it is no longer ours. */
  release(): void;
  owner(): Owner | null;
  /** Whether a write would be let through. */
  isOurs(): boolean;
}

export function ownerRecords(database: Database): OwnerRecords {
  const current = (): string | null =>
    database.one<{ nonce: string }>('SELECT nonce FROM owner')?.nonce ?? null;
  return {
    claim(owner, replacing) {
      database.exclusively(() => {
        if (replacing !== undefined && current() !== replacing) throw quicker();
        database.run(
          'INSERT OR REPLACE INTO owner (one, nonce, record) VALUES (1, ?, ?)',
          owner.nonce,
          JSON.stringify(owner),
        );
      });
      database.nonce = owner.nonce;
    },
    release() {
      if (database.nonce === null) return;
      database.exclusively(() => database.run('DELETE FROM owner WHERE nonce = ?', database.nonce));
      database.nonce = null;
    },
    owner() {
      const row = database.one<{ record: string }>('SELECT record FROM owner');
      return row === null ? null : parseRecord<Owner>(database.path, row.record);
    },
    isOurs: () => database.isOurs(),
  };
}

function quicker(): WatchkeeperError {
  return new WatchkeeperError(
    'held',
    'another supervisor took this workspace at the same moment: it runs there',
  );
}
