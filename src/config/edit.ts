import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, readFileSync, renameSync, type Stats, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { removeLeftover, syncFolder, writeNewFile } from '../durable.ts';
import { messageOf, systemErrorCode, WatchkeeperError } from '../errors.ts';
import type { Settable } from './edit-scalar.ts';
import { editedText } from './edit-text.ts';
import { settingsFrom } from './load.ts';
import { formatProblems, type Path, type Problem, pathText } from './problems.ts';
import { checkedText, FILE_NAME, readSourceBytes } from './source.ts';
import { readYaml } from './yaml.ts';

/** One setting to change. */
export interface SettingChange {
  path: Path;
  to: Settable;
}

/** One setting that was changed: where it stands now, and what stood there before (null: nothing did). */
export interface ChangedSetting extends SettingChange {
  line: number | null;
  from: unknown;
}

/** Of the mode of a file: its owner, its group or all others may write it. */
const ANY_WRITES = 0o222;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Changes settings in `watchkeeper.yaml`, all of them or none. Every other byte of the file stays, and so do its mode, its owner
 * and, where it is a link to a file within the workspace, the link. A running supervisor takes the edit over as any other.
 *
 * @returns what was changed; a setting that has its value already is left out
 * @throws WatchkeeperError 'config' where the file cannot be read, a place cannot be changed alone, or the loader would refuse the
 *   result; 'file' where it lies outside of the workspace, was changed meanwhile, or cannot be written. The file is then as before
 */
export async function changeSettings(
  root: string,
  changes: readonly SettingChange[],
): Promise<ChangedSetting[]> {
  const file = await realFile(root);
  const bytes = await readSourceBytes(file);
  if (!(bytes instanceof Uint8Array)) throw refused([bytes.problem]);
  const source = checkedText(bytes);
  if ('problem' in source) throw refused([source.problem]);
  const text = edited(source.text, changes);
  if (text === source.text) return [];
  const loaded = await settingsFrom(root, { text });
  if (!loaded.ok) throw refused(loaded.problems);
  const mark = bytes.subarray(0, 3).equals(BOM) ? BOM : Buffer.alloc(0);
  replaceFile(file, bytes, Buffer.concat([mark, Buffer.from(text)]));
  return whatChanged(source.text, text, changes);
}

/** The file behind `watchkeeper.yaml`. To write through a link that leads out of the workspace would change what others use, too. */
async function realFile(root: string): Promise<string> {
  const path = join(root, FILE_NAME);
  const [folder, file] = await Promise.all([realOrNull(root), realOrNull(path)]);
  if (folder === null || file === null) return path; // reading it says why
  if (file.startsWith(folder === sep ? sep : folder + sep)) return file;
  const advice = 'edit it there, or put a file of its own in its place';
  throw new WatchkeeperError('file', `${path} is a link to ${file}, outside of the workspace: ${advice}`);
}

function realOrNull(path: string): Promise<string | null> {
  return realpath(path).catch(() => null);
}

function edited(text: string, changes: readonly SettingChange[]): string {
  return changes.reduce((before, { path, to }) => {
    const after = editedText(before, path, to);
    if (after !== null) return after;
    const why = 'it is shared through an anchor, or written in a form that only a person should change';
    throw new WatchkeeperError(
      'config',
      `${pathText(path)} cannot be changed alone in ${FILE_NAME}: ${why}; set it to ${JSON.stringify(to)} by hand`,
    );
  }, text);
}

function refused(problems: readonly Problem[]): WatchkeeperError {
  const told = formatProblems(FILE_NAME, problems);
  return new WatchkeeperError('config', `nothing was changed:\n${told}`);
}

function whatChanged(before: string, after: string, changes: readonly SettingChange[]): ChangedSetting[] {
  const [old, now] = [readYaml(before), readYaml(after)];
  const all = changes.map(change => ({
    ...change,
    line: now.lineOf(change.path),
    from: valueAt(old.value, change.path),
  }));
  return all.filter(({ from, to }) => from !== to);
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, part) => {
    if (typeof at !== 'object' || at === null) return null;
    return (at as Record<string | number, unknown>)[part] ?? null;
  }, data);
}

/** As a whole, after one more look in the same instant: what somebody else has written meanwhile is not lost. */
function replaceFile(file: string, expected: Buffer, bytes: Buffer): void {
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(8).toString('hex')}.tmp`);
  try {
    writeNewFile(temporary, [bytes]);
    const stats = statSync(file);
    if ((stats.mode & ANY_WRITES) === 0) throw readOnly(file);
    takeOver(stats, temporary);
    if (!stats.isFile() || !readFileSync(file).equals(expected)) {
      throw new WatchkeeperError('file', `${file} was changed meanwhile: nothing was written, try again`);
    }
    renameSync(temporary, file);
    syncFolder(dirname(file));
  } catch (error) {
    removeLeftover(temporary);
    if (error instanceof WatchkeeperError) throw error;
    const why = systemErrorCode(error) ?? messageOf(error);
    const advice = 'it is as before; make it and its folder writable, or edit it by hand';
    throw new WatchkeeperError('file', `${file} could not be changed (${why}): ${advice}`, { cause: error });
  }
}

/** Another file could be put in its place all the same, but somebody has said that this one is to stay as it is. */
function readOnly(file: string): WatchkeeperError {
  return new WatchkeeperError('file', `${file} is read-only: \`chmod u+w\` it, or edit it by hand`);
}

/** The new file belongs to whom the old one did, and may be used by the same. */
function takeOver({ uid, gid, mode }: Stats, temporary: string): void {
  const own = statSync(temporary);
  if (own.uid !== uid || own.gid !== gid) chownSync(temporary, uid, gid);
  chmodSync(temporary, mode & 0o7777);
}
