import { join } from 'node:path';
import type { BisectAnswer } from './bisecting/answer.ts';
import { Checkouts } from './bisecting/checkouts.ts';
import { type BisectPorts, type BisectQuestion, Search } from './bisecting/search.ts';
import { sweepKilled } from './bisecting/sweep.ts';
import { commitsBetween } from './git/commits-between.ts';
import { openSession } from './trials/session.ts';
import { Trials } from './trials/trials.ts';

export interface BisectRequest extends BisectQuestion {
  /** A shell command that makes a checked-out commit ready; null: none. */
  prepare: string | null;
  /** Paths below the workspace that are linked into each commit. */
  links: readonly string[];
  /** Runs of each commit that do not count. */
  warmup: number;
}

/**
 * Finds the commit that a metric changed with, by running the module at commits between two, each in a work tree of its own.
 *
 * @returns null where it was stopped
 * @throws WatchkeeperError 'usage' where there is nothing to bisect or one of both ends cannot be run, 'file' where git fails
 */
export async function runBisect(request: BisectRequest, ports: BisectPorts): Promise<BisectAnswer | null> {
  const { root, good, bad } = request;
  const { location, commits } = await commitsBetween(root, good, bad);
  await sweepKilled(location, ports.warn);
  const session = openSession('bisect', location.commonDir);
  const { folder } = session;
  const trials = new Trials({ ...ports, reports: join(folder, 'runs') });
  const kept = [commits[0], commits.at(-1)].map(commit => commit?.hash ?? '');
  const checkouts = new Checkouts({ ...request, ...ports, location, folder, kept, trials });
  try {
    ports.onBegin(commits);
    return await new Search(request, ports, { commits, checkouts, trials }).run();
  } catch (error) {
    if (ports.stop.aborted) return null; // git was ended, too
    throw error;
  } finally {
    await checkouts.close();
    session.remove();
  }
}
