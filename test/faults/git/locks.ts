import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, missed } from '../fault.ts';
import { conclude } from '../trial.ts';
import { heard, quiet, RESUMED, type Running, running, STOPPED } from './running.ts';

interface Lock {
  file: string;
  /** Our commits can be made all the same, because nothing of them needs it. */
  isHarmless?: boolean;
}

const LOCKS: Lock[] = [
  { file: 'index.lock' },
  { file: 'HEAD.lock' },
  { file: 'refs/heads/main.lock' },
  { file: 'packed-refs.lock', isHarmless: true },
  { file: 'config.lock', isHarmless: true },
];

const TEXT = 'theirs';
const ITERATIONS = { quick: 2, full: 10 };

export const staleLocks: Fault = {
  id: 'git/stale-locks',
  group: 'git',
  weight: 'high',
  fault:
    'index.lock, HEAD.lock, the lock of the branch, packed-refs.lock or config.lock lies there for ever, left by another git',
  promise:
    'it is never removed; where it is in the way that is said once, by its name, and commits go on when it is gone',
  quick: false,
  needs: [],
  limitSeconds: { quick: 120, full: 600 },
  async inject(context) {
    const tried = quiet(context);
    const supervisor = await running(context, tried);
    const problems: string[] = [];
    let stops = 0;
    for (const lock of LOCKS) {
      if ((await supervisor.iterate()) === null)
        return missed(`before ${lock.file}: ${supervisor.said(STOPPED)}`);
      if (lock.isHarmless !== true) stops += 1;
      const path = tried.workspace.path('.git', lock.file);
      const found = await behind(supervisor, path, lock, { stops, iterations: ITERATIONS[context.size] });
      problems.push(...found.map(problem => `${lock.file}: ${problem}`));
      context.progress(`${lock.file}: ${found.join('; ') || 'kept'}`);
    }
    await supervisor.stop();
    return conclude(tried, problems, `${LOCKS.length} locks`, { faultsInjected: LOCKS.length });
  },
};

async function behind(
  supervisor: Running,
  path: string,
  { file, isHarmless = false }: Lock,
  { stops, iterations }: { stops: number; iterations: number },
): Promise<string[]> {
  writeFileSync(path, TEXT, { flag: 'wx' });
  const problems: string[] = [];
  for (let turn = 0; turn < iterations; turn += 1) {
    const commit = await supervisor.iterate();
    if ((commit !== null) !== isHarmless) problems.push(`commit ${commit} while it was there`);
  }
  if (!existsSync(path) || readFileSync(path, 'utf8') !== TEXT) problems.push('it is not as it was');
  const said = await heard(supervisor, STOPPED, stops);
  const last = said.at(-1) ?? '';
  if (said.length !== stops) problems.push(`${said.length} warnings instead of ${stops}`);
  if (!isHarmless && !last.includes(file.split('/').at(-1) ?? '')) problems.push(`it is told as '${last}'`);
  rmSync(path, { force: true });
  if ((await supervisor.iterate()) === null) problems.push('no commit when it was gone');
  if ((await heard(supervisor, RESUMED, stops)).length !== stops) problems.push('its end was not told once');
  return problems;
}

/** How long a git command of the user holds the lock; the product waits for two seconds. */
const HELD_MS = 700;

export const busyIndex: Fault = {
  id: 'git/busy-index',
  group: 'git',
  weight: 'high',
  fault: 'a git command of the user holds the index for a moment, each time a commit of ours begins',
  promise: 'it is waited for, without a word, and the commit is made in the same iteration',
  quick: false,
  needs: [],
  async inject(context) {
    const tried = quiet(context);
    const supervisor = await running(context, tried);
    const problems: string[] = [];
    const lock = tried.workspace.path('.git/index.lock');
    const turns = { quick: 3, full: 20 }[context.size];
    for (let turn = 0; turn < turns; turn += 1) {
      writeFileSync(lock, TEXT, { flag: 'wx' });
      const runs = supervisor.supervisor.stdout().length;
      const iteration = supervisor.iterate();
      while (supervisor.supervisor.stdout().length === runs)
        await sleep(10, null, { signal: context.signal });
      await sleep(HELD_MS);
      rmSync(lock);
      if ((await iteration) === null) problems.push(`no commit in turn ${turn + 1}`);
    }
    const said = supervisor.said(/Not committing|Committing again/);
    if (said.length > 0) problems.push(`it said '${said[0]}'`);
    await supervisor.stop();
    return conclude(tried, problems, `${turns} times`, { faultsInjected: turns });
  },
};
