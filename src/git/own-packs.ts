import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bytesOf } from './files.ts';
import { readNote, writeNote } from './notes.ts';
import type { ObjectFormat } from './objects.ts';
import type { Location } from './place.ts';
import { privateFolder } from './private-folder.ts';

const names = z.array(z.string().regex(/^pack-([0-9a-f]{40}|[0-9a-f]{64})$/));

/** A pack that we made, with the ids of its objects. */
export interface OwnPack {
  /** Without an ending. */
  name: string;
  oids: string[];
}

/** Git has told something about a pack that has one of these: its bare two files are not all there is to it. */
const SPECIAL = ['keep', 'bitmap', 'promisor', 'mtimes'];

/** Packs that grew so large are left to themselves. */
const LARGEST_BYTES = 20_000_000;

export function packFolder({ commonDir }: Location): string {
  return join(commonDir, 'objects', 'pack');
}

/** The packs of ours that are still there and still plainly ours; the user's `git gc` may have taken any of them up. */
export function readOwnPacks(place: Location): OwnPack[] {
  const folder = packFolder(place);
  // An index over several packs names them: whoever made it looks after them, too.
  if (existsSync(join(folder, 'multi-pack-index'))) return [];
  return namesIn(place).flatMap(name => {
    const others = SPECIAL.some(ending => existsSync(join(folder, `${name}.${ending}`)));
    const oids = others ? null : objectsOfPack(join(folder, `${name}.idx`), place.format);
    return oids === null ? [] : [{ name, oids }];
  });
}

/** The ids of the objects of a pack, from its index (gitformat-pack(5), version 2); null: none, damaged, or too large. */
export function objectsOfPack(path: string, format: ObjectFormat): string[] | null {
  const index = bytesOf(path);
  if (index === null || index.length > LARGEST_BYTES || index.length < HEADER + FAN_OUT) return null;
  if (index.readUInt32BE(0) !== 0xff744f63 || index.readUInt32BE(4) !== 2) return null;
  const count = index.readUInt32BE(HEADER + FAN_OUT - 4);
  const size = format === 'sha256' ? 32 : 20;
  const start = HEADER + FAN_OUT;
  if (index.length < start + count * size) return null;
  return Array.from({ length: count }, (_, at) =>
    index.toString('hex', start + at * size, start + (at + 1) * size),
  );
}

const HEADER = 8;
const FAN_OUT = 256 * 4;

/** Notes a new pack, and takes the packs away that are in it as a whole. The new one is on disk. */
export function replaceOwnPacks(place: Location, added: string, replaced: readonly OwnPack[]): void {
  const gone = replaced.map(({ name }) => name).filter(name => name !== added);
  const kept = namesIn(place).filter(name => !gone.includes(name) && name !== added);
  writeNote(pathIn(place), [...kept, added]);
  for (const name of gone) removePack(place, name);
}

/** Its index first: git knows a pack by that, and looks elsewhere when it is gone. */
function removePack(place: Location, name: string): void {
  const files = readdirSync(packFolder(place)).filter(file => file.startsWith(`${name}.`));
  for (const file of files.sort((a, b) => Number(b.endsWith('.idx')) - Number(a.endsWith('.idx'))))
    rmSync(join(packFolder(place), file), { force: true });
}

/** None yet, or damaged: then they are no longer merged, and git's own packing takes care of them. */
function namesIn(place: Location): string[] {
  return [...new Set(readNote(pathIn(place), names))];
}

function pathIn(place: Location): string {
  return join(privateFolder(place), 'packs.json');
}
