import { dirname } from 'node:path';
import type { Clock } from '../glossary/clock.ts';
import { NOTHING, type Salvage } from './adopt.ts';
import type { Database } from './database.ts';
import { DamagedRecord, isDamage, isForeignSchema } from './database-errors.ts';
import { readOwnerNote } from './holder.ts';
import type { Judge } from './judge-all.ts';
import { mendRecords } from './mend-records.ts';
import type { Mends } from './mending.ts';
import { replaceStore } from './replace.ts';
import { salvage } from './salvage.ts';
import { isWhole } from './schema.ts';

export interface MenderOptions {
  clock: Clock;
  /** What there is to tell already. */
  notices: string[];
  /** Where the store before this one was set aside to; null where none was. */
  setAside: string | null;
  /** Damage was met earlier, and is to be looked for. */
  suspect: boolean;
}

/**
 * Mends a store that is in use, so that damage which is met does not stop the loop. Damaged rows are mended one by one; a
 * damaged database is replaced. Whoever met the damage then tries again.
 */
export class Mender implements Mends {
  readonly #database: Database;
  readonly #options: MenderOptions;
  #judge: Judge | null = null;
  #busy = false;
  #mends = 0;

  constructor(database: Database, options: MenderOptions) {
    this.#database = database;
    this.#options = options;
  }

  notices(): string[] {
    return this.#options.notices.splice(0);
  }

  mends(): number {
    return this.#mends;
  }

  salvaged(): Salvage {
    const { setAside } = this.#options;
    return setAside === null ? NOTHING : salvage(setAside);
  }

  judgeWith(judge: Judge): void {
    this.#judge = judge;
    if (this.#options.suspect) this.#mendRecords();
    this.#options.suspect = false;
  }

  mend(error: unknown): boolean {
    if (this.#busy) return false;
    this.#busy = true;
    try {
      if (error instanceof DamagedRecord) return this.#mendRecords();
      return isDamage(error) || isForeignSchema(error) ? this.#replace() : false;
    } finally {
      this.#busy = false;
    }
  }

  #mendRecords(): boolean {
    const message = mendRecords(this.#database, this.#judge, this.#options.clock.now());
    if (message === null) return false;
    this.#tell([message]);
    return true;
  }

  /** Only while the workspace is ours: the store itself can no longer say whose it is, its note can. */
  #replace(): boolean {
    const dataFolder = dirname(this.#database.path);
    const owner = readOwnerNote(dataFolder);
    const judge = this.#judge;
    if (owner === null || judge === null || owner.nonce !== this.#database.nonce) return false;
    if (!this.#database.isSameFile() || isWhole(this.#database)) return false;
    const nowMs = this.#options.clock.now();
    this.#tell(replaceStore(this.#database, { dataFolder, owner, judge, nowMs }));
    return true;
  }

  #tell(notices: string[]): void {
    this.#options.notices.push(...notices);
    this.#mends += 1;
  }
}
