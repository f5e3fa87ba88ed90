import { readdirSync, rmSync } from 'node:fs';
import type { Workspace } from '../../helpers/workspace.ts';

/** What a user does after something of ours was killed, without removing any lock; git's words where it does not work. */
export function userProblem({ git }: Workspace, kill: number): string | null {
  try {
    git('status', '--porcelain');
    git('add', '.gitignore');
    git('commit', '--quiet', '--allow-empty', `--message=user ${kill}`);
    return null;
  } catch (error) {
    const [first = '', second = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return second === '' ? first : second;
  }
}

/** Removes the locks and commits, so that the next kill is judged by itself; gives their names. */
export function byHand({ path, git }: Workspace): string {
  const names = readdirSync(path('.git'), { recursive: true, encoding: 'utf8' });
  const locks = names.filter(name => name.endsWith('.lock'));
  for (const lock of locks) rmSync(path('.git', lock));
  git('commit', '--quiet', '--allow-empty', '--message=user, after removing locks');
  return `(${locks.join(', ')})`;
}
