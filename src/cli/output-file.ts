import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { FILE_NAME } from '../config/source.ts';
import { syncFolder, writeAll } from '../durable.ts';
import { WatchkeeperError } from '../errors.ts';
import { unwritable } from '../store/atomic.ts';
import { endingSignals } from './hang-up.ts';

/** A file that a command writes for the user. */
export interface OutputFile {
  write(piece: string | Uint8Array): void;
  /** Now, and only now, it stands under its name. */
  finish(): void;
  /** Nothing of it is left; does nothing after `finish`. */
  abandon(): void;
}

/**
 * Opens a file that is written as a whole: whoever reads it sees what was there before, or all that is new. As with other tools that
 * write where they are told to, a file that is there is replaced, with the permissions that it has. A device or a pipe is written to
 * as it is. The workspace's own files are refused. A signal in the middle that ends the process leaves nothing of it; SIGHUP under
 * `nohup` is none.
 *
 * @throws WatchkeeperError 'usage' where the name is not for this; 'file' where it cannot be written, also by the methods
 */
export function openOutputFile(path: string, root: string): OutputFile {
  if (path === '') throw new WatchkeeperError('usage', '--output is empty: name a file, or leave it out');
  return guarded(path, () => {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there?.isDirectory() === true)
      throw new WatchkeeperError('usage', `${path} is a folder: name a file in it`);
    if (there !== undefined && !there.isFile()) return directFile(path);
    const target = there === undefined ? resolve(path) : realpathSync(path);
    refuseOwn(target, root);
    return replacedFile(target, there === undefined ? null : there.mode & 0o777);
  });
}

/** A slip of the pen must not cost the store. */
function refuseOwn(target: string, root: string): void {
  const folder = realpathSync(dirname(target));
  const own = ['data', 'logs'].map(name => realFolder(join(root, name)));
  if (!own.includes(folder) && join(folder, basename(target)) !== join(root, FILE_NAME)) return;
  throw new WatchkeeperError(
    'usage',
    `${target} would stand among Watchkeeper's own files: write to another folder (a folder in data/ will do)`,
  );
}

function realFolder(path: string): string | null {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? null : realpathSync(path);
}

function directFile(path: string): OutputFile {
  const fd = openSync(path, 'w');
  let isOpen = true;
  const close = (): void => {
    if (isOpen) closeSync(fd);
    isOpen = false;
  };
  return { write: piece => guarded(path, () => void writeAll(fd, piece)), finish: close, abandon: close };
}

/** @param mode null: as the umask has it */
function replacedFile(target: string, mode: number | null): OutputFile {
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(8).toString('hex')}.tmp`);
  const signals = endingSignals();
  let fd: number | null = openSync(temporary, 'wx', mode ?? 0o666);
  const close = (): void => {
    if (fd !== null) closeSync(fd);
    fd = null;
    for (const signal of signals) process.off(signal, onSignal);
  };
  const abandon = (): void => {
    if (fd === null) return;
    close();
    rmSync(temporary, { force: true });
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    abandon();
    process.kill(process.pid, signal); // nobody catches it any more
  };
  for (const signal of signals) process.on(signal, onSignal);
  const open = fd;
  return {
    write: piece => guarded(target, () => void writeAll(open, piece)),
    finish: () =>
      guarded(target, () => {
        if (mode !== null) fchmodSync(open, mode);
        fsyncSync(open);
        renameSync(temporary, target);
        close();
        syncFolder(dirname(target));
      }),
    abandon,
  };
}

function guarded<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof WatchkeeperError ? error : unwritable(path, error);
  }
}
