import { existsSync } from 'node:fs';
import type { Ended } from '../../helpers/supervisor.ts';
import { until } from '../../helpers/until.ts';
import { type Fault, type FaultContext, missed, type Outcome, outcome } from '../fault.ts';
import { whileAlive } from '../program.ts';
import { strace } from '../strace.ts';
import type { Trial } from '../trial.ts';
import { quiet } from './running.ts';

const RENAMES = 'rename,renameat,renameat2';
const INDEX = 'index.lock';
const BRANCH = ['HEAD.lock', 'refs/heads/main.lock'];

export const killWithIndexLock: Fault = {
  id: 'git/kill-with-the-index-lock',
  group: 'git',
  weight: 'high',
  fault:
    'the supervisor is killed (SIGKILL) while index.lock is held for it, between the link and the rename, which is made to take 2 s',
  promise:
    'the lock is gone without anybody doing anything, the next start is a good one, and what the user has staged is as it was',
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

/** Who holds the lock goes on without the supervisor. */
const killAtRename: Killer = async (context, tried) => {
  const { workspace, witness } = tried;
  const around = aroundRename(context, tried, 'delay_enter');
  const supervisor = context.start(workspace.root, ['once', '--json'], { around });
  const isLocked = (): boolean => existsSync(workspace.path('.git', INDEX));
  await whileAlive(supervisor, 'the index is locked', isLocked);
  supervisor.process.kill('SIGKILL');
  if (!isLocked()) return 'the lock was gone when the kill came';
  const { signal, stdout } = await supervisor.ended;
  witness.hear(stdout);
  await until('the lock is gone by itself', () => !isLocked());
  return signal === 'SIGKILL' ? [INDEX] : `it ended with ${signal}`;
};

/** The index is the new one by then, and the branch is locked where it was. */
const killAllAfterRename: Killer = async (context, tried) => {
  const { workspace, witness } = tried;
  const around = aroundRename(context, tried, 'delay_exit');
  const supervisor = context.start(workspace.root, ['once', '--json'], { around, detached: true });
  const areThere = (): boolean => BRANCH.every(lock => existsSync(workspace.path('.git', lock)));
  const isThere = (): boolean => areThere() && !existsSync(workspace.path('.git', INDEX));
  await whileAlive(supervisor, 'the branch is locked and the index is not', isThere);
  process.kill(-(supervisor.process.pid ?? 0), 'SIGKILL');
  witness.hear((await supervisor.ended).stdout);
  return areThere() ? BRANCH : 'no lock is left';
};

/** The rename of the lock takes two seconds: before it is carried out, or after. */
function aroundRename(
  context: FaultContext,
  { workspace }: Trial,
  when: 'delay_enter' | 'delay_exit',
): string[] {
  const inject = `${RENAMES}:${when}=2000000:when=1`;
  const { around } = strace(context, { calls: RENAMES, inject, follow: 'all' });
  return [...around.slice(0, -1), '-P', workspace.path('.git', INDEX), '--'];
}
