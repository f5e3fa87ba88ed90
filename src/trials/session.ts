import { existsSync, lstatSync, mkdtempSync, readdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { messageOf, systemErrorCode, WatchkeeperError } from '../errors.ts';
import { parsedJson } from '../json.ts';
import { isLiving, processIdentity } from '../process-identity.ts';
import { removeTree } from '../remove-tree.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { readRegularFile } from '../store/read-file.ts';

const OWNER = 'owner.json';
const NAME = /^watchkeeper-(bench|bisect)-[A-Za-z0-9]{6}$/;
const MOST_BYTES = 10_000;

const ownerSchema = z.object({
  pid: z.int().positive(),
  startTime: z.number(),
  bootId: z.string(),
  /** The repository that has work trees in the folder. */
  repository: z.string().nullable(),
});

/** A folder of one `bench` or `bisect`, outside of the workspace, gone with it. */
export interface Session {
  folder: string;
  /** Never throws: what is left is swept by the next one. */
  remove(): void;
}

/**
 * Makes the folder of this process, of mode 0700, with a note of whose it is.
 *
 * @param repository the git folder that has work trees in it; null: none
 * @throws WatchkeeperError 'file'
 */
export function openSession(kind: 'bench' | 'bisect', repository: string | null): Session {
  const folder = made(kind);
  try {
    writeFileAtomic(join(folder, OWNER), JSON.stringify({ ...processIdentity(process.pid), repository }), 0);
  } catch (error) {
    removeFolder(folder); // without its note nobody would know whose it is
    throw error;
  }
  return { folder, remove: () => removeFolder(folder) };
}

/** The folders that killed ones have left behind: those without work trees, and those of this repository. */
export function deadSessions(repository: string | null): Session[] {
  return namesIn(tmpdir())
    .filter(name => NAME.test(name))
    .map(name => join(tmpdir(), name))
    .filter(folder => isDeadSession(folder, repository))
    .map(folder => ({ folder, remove: () => removeFolder(folder) }));
}

/** Whether a folder has the name of a session's, and its process has ended, or it is not there any more. */
export function isLeftBehind(folder: string, repository: string | null): boolean {
  return NAME.test(basename(folder)) && (!existsSync(folder) || isDeadSession(folder, repository));
}

function made(kind: string): string {
  try {
    return realpathSync(mkdtempSync(join(tmpdir(), `watchkeeper-${kind}-`)));
  } catch (error) {
    const code = systemErrorCode(error) ?? messageOf(error);
    throw new WatchkeeperError(
      'file',
      `no folder could be made in ${tmpdir()} (${code}): make room there, or name another folder in TMPDIR`,
      { cause: error },
    );
  }
}

/**
 * Whether a folder is that of a process that has ended. What is not ours, or not plainly ours, is not touched.
 *
 * @param repository the git folder whose work trees may be in it; those of others are left to them
 */
function isDeadSession(folder: string, repository: string | null): boolean {
  try {
    const stat = lstatSync(folder);
    if (!stat.isDirectory() || stat.uid !== process.getuid?.()) return false;
    const read = readRegularFile(join(folder, OWNER), MOST_BYTES);
    if (read === null || 'problem' in read) return false;
    const owner = ownerSchema.safeParse(parsedJson(read.content.toString())).data;
    if (owner === undefined || isLiving(owner)) return false;
    return owner.repository === null || owner.repository === repository;
  } catch {
    return false; // gone meanwhile, or not to be read: then it is not for us to judge
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // then nothing can be made there either, and that is told
  }
}

/** Programs of a module may have left what belongs to another user. */
function removeFolder(folder: string): void {
  try {
    removeTree(folder);
  } catch {
    // The next sweep tries again.
  }
}
