import { withinTime } from './call.ts';
import { isBlock, locate } from './place.ts';
import { Revisions } from './revision.ts';

const TIMEOUT_MS = 10_000;

/**
 * The revision of a workspace, as a run's: see glossary/run.ts. Only reads, so that it can be asked beside a running supervisor. Null outside
 * git, and where git fails.
 */
export async function readRevision(root: string): Promise<string | null> {
  const read = withinTime(TIMEOUT_MS, root, async git => {
    const place = await locate(git(null));
    return isBlock(place) ? null : new Revisions().current(git(place.top), place);
  });
  return read.catch(() => null); // a run without a revision is no less a run
}
