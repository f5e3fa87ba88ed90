import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../durable.ts';
import { type Git, output } from './call.ts';
import { GitFailure } from './failure.ts';
import { forgetObjects, readNotedObjects } from './ledger.ts';
import { type OwnPack, objectsOfPack, packFolder, readOwnPacks, replaceOwnPacks } from './own-packs.ts';
import type { Location } from './place.ts';
import { loosePath } from './private-folder.ts';
import { newQuarantine } from './quarantine.ts';

/** So old, git takes the mark of a running `git gc` for a leftover. */
const GC_STALE_MS = 12 * 3_600_000;

/** A new pack takes up those before it that hold less than so many times as many objects: so there are ever only a few. */
const GROWTH = 2;

/**
 * Packs the objects that our commits have added, and nothing else: 1,000 commits are 40 MB of loose objects, and 2 MB in a pack.
 *
 * Nothing here can stand in the way of the user's git. No lock is taken: the new pack is made in a folder of its own, put
 * beside the others by renaming, and only when it is on disk the loose objects (and smaller packs of ours) that are in
 * it go. Whatever is killed in between leaves things twice, never lost. Objects of the user are neither packed nor removed,
 * so that `git gc` finds them as it would without us, and prunes none of them sooner.
 *
 * Gives the number of objects packed; 0: nothing to do, or the user's `git gc` is at it. Rejects with GitFailure.
 */
export async function packOwnObjects(git: Git, place: Location): Promise<number> {
  if (isGcRunning(place)) return 0;
  const noted = readNotedObjects(place);
  const loose = [...noted].filter(([oid]) => existsSync(loosePath(place, oid)));
  if (loose.length > 0) {
    const packs = packsToMerge(readOwnPacks(place), loose.length);
    const name = await makePack(git, place, loose, packs);
    replaceOwnPacks(place, name, isGcRunning(place) ? [] : packs);
    for (const [oid] of loose) await removeLoose(place, oid);
  }
  forgetObjects(place, new Set([...noted.keys()].filter(oid => !existsSync(loosePath(place, oid)))));
  return loose.length;
}

/** From the smallest on, as long as they are small beside what comes together. */
function packsToMerge(packs: OwnPack[], looseCount: number): OwnPack[] {
  const ordered = [...packs].sort((a, b) => a.oids.length - b.oids.length);
  let sum = looseCount;
  const end = ordered.findIndex(({ oids }) => {
    const isLarge = oids.length >= GROWTH * sum;
    sum += oids.length;
    return isLarge;
  });
  return end < 0 ? ordered : ordered.slice(0, end);
}

/** Makes the pack and puts it beside the others; gives its name. */
async function makePack(
  git: Git,
  place: Location,
  loose: [string, string][],
  packs: OwnPack[],
): Promise<string> {
  const merged = packs.flatMap(({ oids }) => oids);
  // Git packs versions of one file as changes of one another: the paths tell it which those are.
  const input = [...loose.map(line => line.join(' ')), ...merged].map(line => `${line}\n`).join('');
  const quarantine = newQuarantine(place);
  try {
    const args = ['pack-objects', '-q', '--threads=1', join(quarantine.folder, 'pack', 'pack')];
    // Synced before anything is removed on the strength of it.
    const config = ['core.fsync=committed,loose-object,derived-metadata', 'pack.windowMemory=100m'];
    const made = await output(git, args, { input, env: quarantine.env, config, isLowPriority: true });
    const name = `pack-${made.stdout.trim()}`;
    const packed = new Set(objectsOfPack(join(quarantine.folder, 'pack', `${name}.idx`), place.format));
    if (!loose.every(([oid]) => packed.has(oid)) || !merged.every(oid => packed.has(oid)))
      throw new GitFailure('git packed fewer objects than it was given');
    putInPlace(join(quarantine.folder, 'pack'), packFolder(place), name);
    return name;
  } finally {
    quarantine.remove();
  }
}

/** The index last: git takes a pack for complete as soon as that is there. */
function putInPlace(from: string, to: string, name: string): void {
  mkdirSync(to, { recursive: true });
  const files = readdirSync(from).filter(file => file.startsWith(`${name}.`));
  for (const file of files.sort((a, b) => Number(a.endsWith('.idx')) - Number(b.endsWith('.idx'))))
    renameSync(join(from, file), join(to, file));
  syncFolder(to);
}

/**
 * Removes a loose object that is in the pack. Not while the user's `git gc` runs: it may have found one loose that no
 * branch has any more, and leave out of its own pack what it thinks it need not keep twice.
 */
async function removeLoose(place: Location, oid: string): Promise<void> {
  if (!isGcRunning(place)) await rm(loosePath(place, oid), { force: true });
}

function isGcRunning({ commonDir }: Location): boolean {
  const stat = statSync(join(commonDir, 'gc.pid'), { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs < GC_STALE_MS;
}
