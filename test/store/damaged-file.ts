import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
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

/** Makes a page of a table without row ids unreadable: one of those that its root points to, in the middle. The table has two levels. */
export function damageLeaf(path: string, name: string): void {
  const database = new DatabaseSync(path);
  const { rootpage } = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(name) as {
    rootpage: number;
  };
  database.close();
  const root = readFileSync(path).subarray((rootpage - 1) * 4096, rootpage * 4096);
  if (root.readUInt8(0) !== 2) throw new Error(`${name} has no two levels`);
  const cell = root.readUInt16BE(12 + 2 * (root.readUInt16BE(3) >> 1)); // https://sqlite.org/fileformat2.html#b_tree_pages
  overwrite(path, (root.readUInt32BE(cell) - 1) * 4096, Buffer.alloc(4096, 0x5a));
}

/** Writes over a part of a file. */
export function overwrite(path: string, offset: number, bytes: Buffer): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, bytes, 0, bytes.length, offset);
  closeSync(fd);
}
