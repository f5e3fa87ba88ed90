import { closeSync, openSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Makes an index of the closed store unreadable: all tables can still be read. */
export function damageIndex(path: string, name: string): void {
  const database = new DatabaseSync(path);
  const { rootpage } = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(name) as {
    rootpage: number;
  };
  database.close();
  overwrite(path, (rootpage - 1) * 4096, Buffer.alloc(4096, 0x5a));
}

/** Writes over a part of a file. */
export function overwrite(path: string, offset: number, bytes: Buffer): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, bytes, 0, bytes.length, offset);
  closeSync(fd);
}
