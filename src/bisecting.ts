import { join } from 'node:path';
import type { BisectAnswer } from './bisecting/answer.ts';
import { Checkouts } from './bisecting/checkouts.ts';
import { linkPath } from './bisecting/links.ts';
import type { BisectPorts, BisectQuestion, BisectRequest } from './bisecting/request.ts';
import { Search } from './bisecting/search.ts';
import { sweepKilled } from './bisecting/sweep.ts';
import { requireModule } from './config/known-modules.ts';
import { WatchkeeperError } from './errors.ts';
import { commitsBetween } from './git/commits-between.ts';
import type { ModuleSettings, Settings } from './glossary/settings.ts';
import { openSession } from './trials/session.ts';
import { Trials } from './trials/trials.ts';

/** The least of each count; with fewer runs no two commits could be told apart. */
const LEAST = { 'runs at most': 20, 'runs per step': 1, 'warm-up runs': 0, 'the seed': 0 };

/**
 * Finds the commit that a metric changed with, by running the module at commits between two, each in a work tree of its own.
 *
 * @param root the workspace, absolute
 * @returns null where it was stopped
 * @throws WatchkeeperError 'usage' where there is nothing to bisect or one of both ends cannot be run, 'file' where git fails
 */
export async function bisect(
  root: string,
  settings: Settings,
  request: BisectRequest,
  ports: BisectPorts,
): Promise<BisectAnswer | null> {
  const module = requireModule(settings, request.module);
  const wanted = wantedOf(request);
  const links = wanted.links.map(link => linkPath(root, link));
  warnOfPaths(root, module, ports);
  return search({ ...wanted, root, module, links }, ports);
}

interface Wanted extends BisectQuestion {
  warmup: number;
  prepare: string | null;
  links: readonly string[];
}

/** With the defaults, checked. */
function wantedOf(request: BisectRequest): Omit<Wanted, 'root' | 'module'> {
  const { module, good, bad = 'HEAD', metric = 'runtimeSeconds', thresholdPercent = 3 } = request;
  const { maxRuns = 200, runsPerStep = 1, warmup = 1, prepare = null, links = [], seed = 1 } = request;
  const counts = {
    'runs at most': maxRuns,
    'runs per step': runsPerStep,
    'warm-up runs': warmup,
    'the seed': seed,
  };
  for (const [what, least] of Object.entries(LEAST)) {
    const count = counts[what as keyof typeof LEAST];
    if (!Number.isInteger(count) || count < least)
      throw new WatchkeeperError('usage', `${what}: a whole number from ${least} on, not ${count}`);
  }
  if (!(thresholdPercent >= 0))
    throw new WatchkeeperError('usage', `a threshold is percent from 0 on, not ${thresholdPercent}`);
  const ownMetric = metric.startsWith(`${module}.`) ? metric.slice(module.length + 1) : metric;
  return {
    ...{ metric: ownMetric, good, bad, thresholdPercent, maxRuns, runsPerStep, warmup, prepare, links, seed },
  };
}

/** A full path into the checkout is the same file for every commit. */
function warnOfPaths(root: string, { name, argv, env }: ModuleSettings, { warn }: BisectPorts): void {
  if (![...argv, ...Object.values(env)].some(text => text.includes(`${root}/`))) return;
  warn(
    `${name} names a full path in ${root}: every commit will be run with what is there now; paths relative to its cwd follow the commit`,
  );
}

async function search(wanted: Wanted, ports: BisectPorts): Promise<BisectAnswer | null> {
  const { location, commits } = await commitsBetween(wanted.root, wanted.good, wanted.bad);
  await sweepKilled(location, ports.warn);
  const session = openSession('bisect', location.commonDir);
  const { folder } = session;
  const trials = new Trials({ ...ports, reports: join(folder, 'runs') });
  const kept = [commits[0], commits.at(-1)].map(commit => commit?.hash ?? '');
  const checkouts = new Checkouts({ ...wanted, ...ports, location, folder, kept, trials });
  try {
    ports.onBegin(commits, wanted);
    return await new Search(wanted, ports, { commits, checkouts, trials }).run();
  } catch (error) {
    if (ports.stop.aborted) return null; // git was ended, too
    throw error;
  } finally {
    await checkouts.close();
    session.remove();
  }
}
