import { statSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { WatchkeeperError } from '../errors.ts';
import { storeError } from './database-errors.ts';

interface DatabaseOptions {
  readOnly: boolean;
  /**
   * Nobody writes to the file while it is read, and nothing of it is in its log: then it can be read where nothing can be
   * written at all, not even SQLite's own side files.
   */
  immutable?: boolean;
  /** Where the file is gone, none is made. */
  mustExist?: boolean;
}

/** What a connection that writes begins with. After a large transaction (a migration) SQLite's log would stay as large for months. */
export const DURABLE = 'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=16777216';

/** How long a statement waits for another process (a reader's checkpoint, a start under way). */
const BUSY_MS = 3_000;

/** `disk`: survives a power failure. `process`: survives a killed process; saves the wait for the disk. */
export type Durability = 'disk' | 'process';

/**
 * One connection to the store, with its prepared statements and the fence: every write checks, in its own transaction,
 * that we still own the workspace. Each failure of SQLite surfaces as a WatchkeeperError 'store'.
 */
export class Database {
  readonly path: string;
  readonly #statements = new Map<string, StatementSync>();
  readonly #tupleStatements = new Map<string, StatementSync>();
  readonly #options: DatabaseOptions;
  #connection: DatabaseSync;
  #file: string;
  /** The nonce with which we own the workspace; null before `claim` and after `release`. */
  nonce: string | null = null;
  /** How often another file was taken up: what was remembered of the one before holds no longer. */
  reopened = 0;

  constructor(path: string, options: DatabaseOptions) {
    this.path = path;
    this.#options = options;
    this.#connection = this.#connect();
    this.#file = fileIdentity(path);
  }

  /** Goes on with the file that stands at the path by now. */
  reopen(): void {
    this.close();
    this.reopened += 1;
    this.#statements.clear();
    this.#tupleStatements.clear();
    this.#connection = this.#connect();
    this.#file = fileIdentity(this.path);
    this.execute(DURABLE);
  }

  one<Row>(sql: string, ...parameters: SQLInputValue[]): Row | null {
    return this.#guard(() => (this.#statement(sql).get(...parameters) as Row | undefined) ?? null);
  }

  all<Row>(sql: string, ...parameters: SQLInputValue[]): Row[] {
    return this.#guard(() => this.#statement(sql).all(...parameters) as Row[]);
  }

  /** The same, each row as the list of its columns: a third less time where there are thousands. */
  tuples<Row extends unknown[]>(sql: string, ...parameters: SQLInputValue[]): Row[] {
    return this.#guard(() => {
      const statement = this.#statement(sql, this.#tupleStatements);
      statement.setReturnArrays(true);
      return statement.all(...parameters) as unknown[] as Row[];
    });
  }

  /** Another text as soon as anything in the file has changed, through this connection or by another process. */
  get state(): string {
    const sql = 'SELECT total_changes() AS own, data_version AS others FROM pragma_data_version';
    const row = this.one<{ own: number; others: number }>(sql);
    return `${this.reopened} ${row?.own} ${row?.others}`;
  }

  /** @returns how many rows were changed */
  run(sql: string, ...parameters: SQLInputValue[]): number {
    return this.#guard(() => Number(this.#statement(sql).run(...parameters).changes));
  }

  /** Text that is not kept as a prepared statement: schema, pragmas. */
  execute(sql: string): void {
    this.#guard(() => this.#connection.exec(sql));
  }

  /**
   * One transaction: all of `action` or nothing.
   *
   * @throws WatchkeeperError 'fenced' where the workspace is no longer ours, 'store' where it could not be written
   */
  write<T>(action: () => T, durability: Durability = 'disk'): T {
    const transaction = (): T =>
      this.exclusively(() => {
        this.#checkOwner();
        return action();
      });
    if (durability === 'disk') return transaction();
    // Only outside a transaction can this be switched. The next durable write takes to the disk what this one left in the log.
    this.execute('PRAGMA synchronous=NORMAL');
    try {
      return transaction();
    } finally {
      this.execute('PRAGMA synchronous=FULL');
    }
  }

  /** Several reads of one moment, whatever another process writes between them. */
  consistently<T>(action: () => T): T {
    if (this.#connection.isTransaction) return action();
    this.execute('BEGIN');
    try {
      const result = action();
      this.execute('COMMIT');
      return result;
    } catch (error) {
      if (this.#connection.isTransaction) this.execute('ROLLBACK');
      throw error;
    }
  }

  /** One transaction without the fence: only for the claim itself and for the schema. */
  exclusively<T>(action: () => T): T {
    this.#checkSameFile();
    this.execute('BEGIN IMMEDIATE');
    try {
      const result = action();
      this.execute('COMMIT');
      return result;
    } catch (error) {
      if (this.#connection.isTransaction) this.execute('ROLLBACK'); // a full disk has rolled it back already
      throw error;
    }
  }

  close(): void {
    if (this.#connection.isOpen) this.#connection.close();
  }

  #connect(): DatabaseSync {
    const { readOnly, immutable = false, mustExist = false } = this.#options;
    const asked = { ...(immutable ? { immutable: '1' } : {}), ...(mustExist ? { mode: 'rw' } : {}) };
    const place = Object.keys(asked).length === 0 ? this.path : urlOf(this.path, asked);
    return this.#guard(() => new DatabaseSync(place, { readOnly, timeout: BUSY_MS }));
  }

  #statement(sql: string, statements = this.#statements): StatementSync {
    const kept = statements.get(sql);
    if (kept !== undefined) return kept;
    const prepared = this.#connection.prepare(sql);
    statements.set(sql, prepared);
    return prepared;
  }

  #guard<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw storeError(this.path, error);
    }
  }

  /** Whether we are the owner, and of the file that stands at the path. */
  isOurs(): boolean {
    return this.#isOwner() && this.isSameFile();
  }

  /** Whether the file that stands at the path is still the one that is open. */
  isSameFile(): boolean {
    return fileIdentity(this.path) === this.#file;
  }

  #isOwner(): boolean {
    return (
      this.nonce !== null && this.one<{ nonce: string }>('SELECT nonce FROM owner')?.nonce === this.nonce
    );
  }

  #checkOwner(): void {
    if (this.#isOwner()) return;
    throw fenced(
      this.nonce === null
        ? 'this process has not claimed the workspace'
        : 'another supervisor has taken this workspace over',
    );
  }

  /** Whoever set our file aside or removed it works on a new one: what we wrote to the old one would be lost. */
  #checkSameFile(): void {
    if (!this.isSameFile())
      throw new WatchkeeperError(
        'lost',
        `${this.path} was replaced or removed while in use: this supervisor stops; start it again, and the history is taken over from performance.json`,
      );
  }
}

/** The form in which SQLite can be asked for more: https://sqlite.org/uri.html */
function urlOf(path: string, asked: Record<string, string>): URL {
  const url = pathToFileURL(path);
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return url;
}

function fenced(what: string): WatchkeeperError {
  return new WatchkeeperError(
    'fenced',
    `${what}: this supervisor writes nothing more and stops; start it again`,
  );
}

function fileIdentity(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? 'missing' : `${stat.dev}:${stat.ino}`;
}
