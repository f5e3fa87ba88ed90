import { dirname, join } from 'node:path';
import { removeWorktree, worktreesOf } from '../git/worktrees.ts';
import { endOrphans } from '../run/orphans.ts';
import { deadSessions, isLeftBehind } from '../trials/session.ts';

interface Place {
  top: string;
  prefix: string;
  commonDir: string;
}

/** Ends and removes what bisections of this repository that were killed have left behind: processes, work trees, folders. */
export async function sweepKilled(place: Place, warn: (message: string) => void): Promise<void> {
  const { top, prefix, commonDir } = place;
  for (const path of await worktreesOf(place, each => isLeftBehind(dirname(each), commonDir))) {
    await endOrphans(join(path, prefix, 'data'), { warn });
    await removeWorktree({ top }, path);
  }
  for (const session of deadSessions(commonDir)) session.remove();
}
