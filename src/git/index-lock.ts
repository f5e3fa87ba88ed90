import { constants, copyFileSync, linkSync, statSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';

/** Whether somebody holds the lock of the index just now. */
export function isLocked(index: string): boolean {
  return statSync(`${index}.lock`, { throwIfNoEntry: false }) !== undefined;
}

/** Takes the lock by giving the finished copy a second name; false: somebody else holds it. */
export function takeLock(copy: string, lock: string): boolean {
  try {
    linkSync(copy, lock);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    if (
      !['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'].includes(systemErrorCode(error) ?? '')
    )
      throw error;
  }
  return copyAsLock(copy, lock);
}

/** File systems without hard links, or an index behind a link to another file system: then a lock that a kill leaves behind is not known as ours, and stays. */
function copyAsLock(copy: string, lock: string): boolean {
  try {
    copyFileSync(copy, lock, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}
