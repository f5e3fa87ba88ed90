import { hashOf, inRepository, usage } from './in-repository.ts';
import { newestForeign } from './revision.ts';

/**
 * The revision, as runs have it, that a tag, a branch or the like stands for: the newest commit at or before it that is not one of the
 * supervisor's own. Only reads.
 *
 * @param root the workspace, or any folder of the repository
 * @throws WatchkeeperError 'usage' where there is none, 'file' where git fails
 */
export async function namedRevision(root: string, name: string): Promise<string> {
  return inRepository(root, async git => {
    const revision = await newestForeign(git, await hashOf(git, name));
    if (revision === null) throw usage(`up to '${name}' there is no commit but the supervisor's own`);
    return revision;
  });
}
