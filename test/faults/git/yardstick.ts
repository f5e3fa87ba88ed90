import { rmSync } from 'node:fs';
import { workspaceAt } from '../../helpers/workspace.ts';

/** So many that a fresh repository costs little, so few that a bare commit costs the same all the time. */
const COMMITS_OF_ONE = 250;

/** Shows what a bare `git commit` takes on this machine just now, however many there were before. */
export interface Yardstick {
  /** Commits files (by name); how long git took, in milliseconds. */
  commit(files: Map<string, string>): number;
}

/** @param root a folder of its own */
export function yardstickAt(root: string): Yardstick {
  const { git, path, write } = workspaceAt(root);
  let commits = 0;
  const begin = (): void => {
    rmSync(path('.git'), { recursive: true, force: true });
    git('init', '--quiet', '--initial-branch=main');
    git('config', 'gc.auto', '0'); // in the background it would be a load that is not the machine's
    git('add', '--all');
    git('commit', '--quiet', '--message=first');
  };
  return {
    commit(files) {
      if (commits % COMMITS_OF_ONE === 0) {
        for (const name of files.keys()) write(name, '');
        begin();
      }
      commits += 1;
      for (const [name, text] of files) write(name, text);
      const start = performance.now();
      git('commit', '--quiet', '--all', '--message=bare');
      return performance.now() - start;
    },
  };
}
