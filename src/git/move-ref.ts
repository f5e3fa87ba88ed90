import { setTimeout as sleep } from 'node:timers/promises';
import { firstLine, type Git, GitFailure } from './call.ts';

const TRIES = 10;
const PAUSE_MS = 50;

export interface RefMove {
  ref: string;
  /** What the branch must still be; null: it must not exist. */
  from: string | null;
  to: string;
  /** For the reflog. */
  reason: string;
}

/** Moves a branch, if it still is where it was; `conflict`: somebody else was faster. */
export async function moveRef(git: Git, move: RefMove): Promise<'moved' | 'conflict'> {
  const { ref, from, to, reason } = move;
  const change = from === null ? `create ${ref} ${to}` : `update ${ref} ${to} ${from}`;
  const input = `start\n${change}\nprepare\ncommit\n`;
  for (let tries = 1; ; tries += 1) {
    const result = await git(['update-ref', '-m', reason, '--stdin'], { input });
    if (result.exitCode === 0) return 'moved';
    const now = (await git(['rev-parse', '--verify', '--quiet', ref])).stdout.trim();
    if (now === to) return 'moved';
    if (now !== (from ?? '')) return 'conflict';
    // Still where it was: somebody else may hold its lock, for a moment or, left behind, for ever. Theirs to remove.
    if (tries === TRIES || !/\.lock': File exists/.test(result.stderr))
      throw new GitFailure(`git could not move ${ref}: ${firstLine(result.stderr)}`);
    await sleep(PAUSE_MS);
  }
}
