import { join } from 'node:path';
import { CLOCK } from './clock.ts';
import { requireModule } from './config/known-modules.ts';
import { NAME_FORM } from './config/names.ts';
import { floorFor } from './config/rules.ts';
import { messageOf, WatchkeeperError } from './errors.ts';
import { readRevision } from './git/read-revision.ts';
import type { Run } from './glossary/run.ts';
import type { ModuleSettings, Settings } from './glossary/settings.ts';
import { MODULE_NAME } from './metric-name.ts';
import { type BenchAnswer, benchAnswer, benchResult } from './questions/bench.ts';
import { openToShowOrEmpty } from './reading.ts';
import { BenchSuite } from './store/bench-suites.ts';
import { prepareFolders } from './store/folders.ts';
import { thisMachine } from './system/machine.ts';
import type { Benched, BenchPorts, BenchRequest } from './trials/bench-request.ts';
import { deadSessions, openSession } from './trials/session.ts';
import { Trials } from './trials/trials.ts';

/** So many failures in a row are no bad luck: the rest would fail, too. */
const MOST_FAILURES = 3;
const MOST_RUNS = 10_000;

interface Wanted {
  runs: number;
  warmup: number;
  suite: BenchSuite | null;
}

/** A request with its defaults. @throws WatchkeeperError 'usage' */
export function benchCounts({
  runs = 30,
  warmup = 1,
}: Pick<BenchRequest, 'runs' | 'warmup'>): Omit<Wanted, 'suite'> {
  return { runs: counted('runs', runs, 1), warmup: counted('warm-up runs', warmup, 0) };
}

function counted(what: string, count: number, least: number): number {
  if (Number.isInteger(count) && count >= least && count <= MOST_RUNS) return count;
  throw new WatchkeeperError('usage', `${what} are ${least} to ${MOST_RUNS}, not ${count}`);
}

/**
 * Runs a module again and again under the meter, one run after the other, and says what its metrics are. Nothing of it gets into the
 * history, and no supervisor is needed or in the way.
 *
 * @param root the workspace, absolute
 * @throws WatchkeeperError 'usage', 'file', 'store'
 */
export async function bench(
  root: string,
  settings: Settings,
  request: BenchRequest,
  ports: BenchPorts,
): Promise<Benched> {
  const module = requireModule(settings, request.module);
  const wanted = { ...benchCounts(request), suite: suiteOf(root, request.suite ?? null) };
  const { warmup, suite } = wanted;
  const { name } = module;
  const { data } = prepareFolders(root);
  // What cannot be read, or kept, is said before the runs: they may take hours.
  const store = await openToShowOrEmpty(root);
  try {
    const before = suite?.begin(name, ports.warn) ?? null;
    const ran = await runBench(module, wanted, { root, data }, ports);
    const isCut = ran.runs.length < wanted.runs;
    const answer = benchAnswer(store, {
      ...{ ...ran, module: name, machine: thisMachine(), warmup, kept: before },
      floorOf: metric => floorFor(settings.detection, name, metric),
    });
    return { ...answer, kept: keep(suite, answer, isCut, ports), isCut };
  } finally {
    store.close();
  }
}

function suiteOf(root: string, name: string | null): BenchSuite | null {
  if (name === null) return null;
  if (!MODULE_NAME.test(name))
    throw new WatchkeeperError('usage', `no suite can be called '${name}': a name ${NAME_FORM}`);
  return new BenchSuite(join(root, 'data'), name, CLOCK.now);
}

function keep(
  suite: BenchSuite | null,
  answer: BenchAnswer,
  isCut: boolean,
  { warn }: BenchPorts,
): string | null {
  if (suite === null) return null;
  const hasFailed = answer.failed.length > 0;
  if (isCut || hasFailed) {
    const why = hasFailed ? 'not every run succeeded' : 'it was ended before all runs';
    warn(`the result is not kept, because ${why}`);
    return null;
  }
  try {
    suite.add(benchResult(answer), warn);
    return suite.path;
  } catch (error) {
    warn(`the result is not kept: ${messageOf(error)}`);
    return null; // what was measured is not thrown away with it
  }
}

async function runBench(
  module: ModuleSettings,
  wanted: Wanted,
  { root, data }: { root: string; data: string },
  ports: BenchPorts,
) {
  for (const session of deadSessions(null)) session.remove();
  const session = openSession('bench', null);
  const time = new Date(CLOCK.now()).toISOString();
  try {
    const revision = await readRevision(root);
    const trials = new Trials({ ...ports, reports: join(session.folder, 'runs') });
    const runs = await runAll(trials, module, wanted, { data, revision }, ports);
    return { time, revision, runs: runs.slice(wanted.warmup) };
  } finally {
    session.remove();
  }
}

async function runAll(
  trials: Trials,
  module: ModuleSettings,
  { runs, warmup }: Wanted,
  place: { data: string; revision: string | null },
  { stop, onRun }: BenchPorts,
): Promise<Run[]> {
  const done: Run[] = [];
  for (let number = 1; number <= warmup + runs; number++) {
    const trial = await trials.run(module, { ...place, iteration: number });
    if (trial === null || stop.aborted) break;
    done.push(trial.run);
    onRun(trial, number);
    const last = done.slice(-MOST_FAILURES);
    if (last.length === MOST_FAILURES && last.every(({ outcome }) => outcome !== 'ok')) break;
  }
  return done;
}
