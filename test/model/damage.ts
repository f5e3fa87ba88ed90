import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Noise in the place of an index, which nothing else is kept in: all tables can still be read. */
export function damageIndex(path: string): void {
  intoTheFile(path);
  const database = new DatabaseSync(path);
  const page = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'eventsByTime'").get();
  database.close();
  overwrite(path, (Number(page?.['rootpage']) - 1) * 4096, Buffer.alloc(4096, 0x5a));
}

/** All that SQLite's log holds is in the file, where the damage will be; whoever has the store open reads it again. */
export function intoTheFile(path: string): void {
  const database = new DatabaseSync(path);
  database.exec("INSERT OR REPLACE INTO facts (key, value) VALUES ('other', '1')");
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

export function overwrite(path: string, offset: number, bytes: Buffer): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, bytes, 0, bytes.length, offset);
  fsyncSync(fd);
  closeSync(fd);
}
