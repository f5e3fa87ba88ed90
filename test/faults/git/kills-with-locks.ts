import { existsSync } from 'node:fs';
import type { Ended } from '../../helpers/supervisor.ts';
import type { Trial } from '../children/trial.ts';
import { type Fault, type FaultContext, missed, type Outcome, outcome } from '../fault.ts';
import { whileAlive } from '../program.ts';
import { strace } from '../strace.ts';
import { quiet } from './running.ts';

const RENAMES = 'rename,renameat,renameat2';
const INDEX = 'index.lock';
const BRANCH = ['HEAD.lock', 'refs/heads/main.lock'];

export const killWithIndexLock: Fault = {
  id: 'git/kill-with-the-index-lock',
  group: 'git',
  weight: 'high',
  fault:
    'the supervisor is killed (SIGKILL) in the microseconds in which it holds index.lock, between its link and its rename',
  promise:
    'the next start knows the lock as its own and removes it, and what the user has staged is as it was',
  quick: false,
  needs: ['linux', 'strace'],
  inject: context => killAndStart(context, killAtRename),
};

export const killWithBranchLock: Fault = {
  ...killWithIndexLock,
  id: 'git/kill-of-all-with-the-branch-lock',
  fault:
    'the supervisor and its git process are killed (SIGKILL) together while that one holds the branch for them',
  promise:
    'the next start knows HEAD.lock and the lock of the branch as its own and removes them, and what the user has staged is as it was',
  inject: context => killAndStart(context, killAllAfterRename),
};

/** Kills one commit; gives the locks that are left, or why none is. */
type Killer = (context: FaultContext, tried: Trial) => Promise<string[] | string>;

async function killAndStart(context: FaultContext, kill: Killer): Promise<Outcome> {
  const tried = quiet(context);
  const { workspace, witness } = tried;
  await once(context, tried);
  workspace.write('staged.txt', 'staged\n');
  workspace.git('add', 'staged.txt');
  const locks = await kill(context, tried);
  if (typeof locks === 'string') return missed(locks);
  const { code, stderr } = await once(context, tried);
  const problems = locks
    .filter(lock => existsSync(workspace.path('.git', lock)))
    .map(lock => `${lock} stays`);
  if (code !== 0 || stderr.includes('warning: '))
    problems.push(`the next start ended with ${code}: ${stderr.slice(-300)}`);
  if (problems.length > 0) return outcome(problems, 'one kill', { killPoints: 1 });
  const staged = workspace.git('diff', '--cached', '--name-only').trim();
  if (staged !== 'staged.txt') problems.push(`staged is '${staged}'`);
  workspace.git('commit', '--quiet', '--message=mine');
  workspace.git('rm', '--quiet', 'staged.txt');
  workspace.git('commit', '--quiet', '--message=as before');
  const verdict = await witness.verdict();
  return outcome([...problems, ...verdict.problems], 'one kill', { killPoints: 1, ...verdict.counts });
}

async function once(
  context: FaultContext,
  { workspace, witness }: Trial,
  around: string[] = [],
): Promise<Ended> {
  const seen = await context.start(workspace.root, ['once', '--json'], { around }).ended;
  witness.hear(seen.stdout);
  return seen;
}

/** The kill comes before the system call is carried out. */
const killAtRename: Killer = async (context, tried) => {
  const { signal } = await once(context, tried, aroundRename(context, tried, 'SIGKILL'));
  if (signal !== 'SIGKILL') return `it ended with ${signal}`;
  return existsSync(tried.workspace.path('.git', INDEX)) ? [INDEX] : 'no lock is left';
};

/** The stop comes after it: the index is the new one, and the branch is locked where it was. */
const killAllAfterRename: Killer = async (context, tried) => {
  const { workspace, witness } = tried;
  const around = aroundRename(context, tried, 'SIGSTOP');
  const supervisor = context.start(workspace.root, ['once', '--json'], { around, detached: true });
  const areThere = (): boolean => BRANCH.every(lock => existsSync(workspace.path('.git', lock)));
  await whileAlive(supervisor, 'the branch is locked and the index is not', areThere);
  process.kill(-(supervisor.process.pid ?? 0), 'SIGKILL');
  witness.hear((await supervisor.ended).stdout);
  return areThere() ? BRANCH : 'no lock is left';
};

function aroundRename(context: FaultContext, { workspace }: Trial, signal: string): string[] {
  const { around } = strace(context, { calls: RENAMES, inject: `${RENAMES}:signal=${signal}` });
  return [...around.slice(0, -1), '-P', workspace.path('.git', INDEX), '--'];
}
