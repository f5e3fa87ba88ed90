import { spawn } from 'node:child_process';
import { linkSync, rmSync } from 'node:fs';
import { messageOf } from '../errors.ts';
import { gitEnvironment } from './environment.ts';
import { GitFailure } from './failure.ts';
import { newMark } from './marked.ts';

/**
 * `$1` the copy, `$2` the lock, `$3` the index, `$4` a second name of the index as it was when it was copied: git never writes into
 * an index, it replaces it, so that the same file is the same index.
 */
const SCRIPT = `ln -- "$1" "$2" || exit 3
test "$3" -ef "$4" && mv -f -- "$2" "$3" && exit 0
rm -f -- "$2"; exit 4`;

/** What became of an attempt. `locked`: somebody else holds the lock. `changed`: the index is no longer the one that was copied. */
export type Swap = 'swapped' | 'locked' | 'changed';

const RESULTS = new Map<number | null, Swap>([
  [0, 'swapped'],
  [3, 'locked'],
  [4, 'changed'],
]);

/**
 * Takes the lock of the index, and puts the copy in the index's place if that is still the one that `seen` is a second name of. A
 * process of its own does it, which goes on to the end when the supervisor is killed: the lock is never held by one who may
 * be killed in the midst of things.
 *
 * Rejects with GitFailure where the process cannot be started.
 */
export function renameIndex(files: {
  copy: string;
  lock: string;
  index: string;
  seen: string;
}): Promise<Swap> {
  const { copy, lock, index, seen } = files;
  const child = spawn('sh', ['-c', SCRIPT, 'sh', copy, lock, index, seen], {
    env: gitEnvironment(process.env, newMark()),
    stdio: 'ignore',
    detached: true, // a signal to our whole group does not reach it
  });
  return new Promise((resolve, reject) => {
    child.once('error', error =>
      reject(new GitFailure(`the index could not be replaced: ${messageOf(error)}`)),
    );
    child.once('close', code => {
      const result = RESULTS.get(code);
      if (result !== undefined) resolve(result);
      else reject(new GitFailure(`the index could not be replaced: sh ended with ${code}`));
    });
  });
}

/** Gives the index a second name; false where the file system knows none. */
export function nameIndex(index: string, seen: string): boolean {
  try {
    rmSync(seen, { force: true });
    linkSync(index, seen);
    return true;
  } catch {
    return false; // then the lock is taken, and given up, by ourselves
  }
}
