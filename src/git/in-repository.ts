import { messageOf, WatchkeeperError } from '../errors.ts';
import { firstLine, type Git, withinTime } from './call.ts';
import { isBlock, type Location, locate } from './place.ts';

const TIMEOUT_MS = 60_000;

/** @throws WatchkeeperError 'usage' outside of a repository, 'file' where git fails */
export async function inRepository<T>(
  root: string,
  work: (git: Git, location: Location) => Promise<T>,
): Promise<T> {
  try {
    return await withinTime(TIMEOUT_MS, root, async git => {
      const place = await locate(git(null));
      if (!isBlock(place)) return work(git(place.top), place);
      const reason = place.kind === 'no-repository' ? 'the workspace is in none' : place.reason;
      throw usage(`this needs the history of a git repository: ${reason}`);
    });
  } catch (error) {
    if (error instanceof WatchkeeperError) throw error;
    throw new WatchkeeperError('file', `the repository could not be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** The full name of the commit that a revision stands for. @throws WatchkeeperError 'usage' where there is none */
export async function hashOf(git: Git, revision: string): Promise<string> {
  const isName = revision !== '' && !revision.startsWith('-');
  const found = isName ? await git(['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]) : null;
  const hash = firstLine(found?.stdout ?? '');
  if (/^[0-9a-f]{40,64}$/.test(hash)) return hash;
  const isShallow =
    isName && firstLine((await git(['rev-parse', '--is-shallow-repository'])).stdout) === 'true';
  const advice = isShallow
    ? 'this clone is shallow, without its older commits: `git fetch --unshallow` brings them'
    : 'give a hash, a tag or a branch, such as HEAD~20';
  throw usage(`there is no commit '${revision}': ${advice}`);
}

export function usage(message: string): WatchkeeperError {
  return new WatchkeeperError('usage', message);
}
