import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../helpers/until.ts';
import type { Workspace } from '../../helpers/workspace.ts';
import { type Fault, type FaultContext, missed, type Outcome, outcome } from '../fault.ts';
import { whileAlive } from '../program.ts';
import { countIterations, runsIn } from '../told.ts';
import { once, type Trial } from '../trial.ts';
import { quiet } from './running.ts';
import { byHand, userProblem } from './users-git.ts';

const KILLS = { quick: 8, full: 500 };

/** A git process of ours that lost its supervisor ends by itself, within so long even on a busy machine. */
const ORPHANS_MS = 10_000;

export const killsInCommit: Fault = {
  id: 'git/kills-in-mid-commit',
  group: 'git',
  weight: 'critical',
  fault: 'the supervisor is killed (SIGKILL) at 500 random moments of its commits; its git processes are not',
  promise:
    'the git of the user works at once each time, no lock has to be removed by hand, and no commit is lost',
  quick: false,
  needs: ['linux'],
  limitSeconds: { quick: 240, full: 7_200 },
  inject: context => killAgainAndAgain(context, 'supervisor'),
};

export const killsOfAll: Fault = {
  ...killsInCommit,
  id: 'git/kills-of-all-in-mid-commit',
  fault:
    'the supervisor and its git processes are killed (SIGKILL) together at 500 random moments of its commits, as when a container ends',
  promise:
    'after the next start at the latest the git of the user works, no lock has to be removed by hand, and no commit is lost',
  inject: context => killAgainAndAgain(context, 'all'),
};

type Who = 'supervisor' | 'all';

async function killAgainAndAgain(context: FaultContext, who: Who): Promise<Outcome> {
  const tried = quiet(context);
  const total = KILLS[context.size];
  const problems: string[] = [];
  let [kills, late, untilStart, windowMs] = [0, 0, 0, await windowOf(context, tried)];
  while (kills < total && late < 10 + 2 * total) {
    if (await comesLate(context, tried, who, context.random() * windowMs)) {
      late += 1;
      windowMs *= 0.9; // the machine is faster than it was
      continue;
    }
    kills += 1;
    windowMs *= 1.03;
    let problem = userProblem(tried.workspace, kills);
    if (problem !== null && who === 'all') {
      untilStart += 1;
      await once(context, tried);
      problem = userProblem(tried.workspace, kills);
    }
    if (problem !== null) problems.push(`kill ${kills}: ${problem} ${byHand(tried.workspace)}`);
    if (kills % 10 === 0) context.progress(`${kills} of ${total} kills, ${problems.length} problems`);
  }
  if (kills < total) return missed(`${late} of ${kills + late} came after the commit`, { killPoints: kills });
  const blocked = who === 'all' ? `, git was blocked until the next start after ${untilStart} of them` : '';
  return ended(context, tried, problems, { happened: `${kills} kills in a commit${blocked}`, kills });
}

/** How long it takes from a run's end to the end of its commit. */
async function windowOf(context: FaultContext, { workspace, witness }: Trial): Promise<number> {
  const supervisor = context.start(workspace.root, ['once', '--json']);
  let start = 0;
  supervisor.process.stdout?.on('data', () => {
    if (start === 0 && runsIn(supervisor.stdout()).length > 0) start = performance.now();
  });
  witness.hear((await supervisor.ended).stdout);
  return Math.max(20, performance.now() - start);
}

/** Kills in the commit of the iteration with which a supervisor starts; true where that was over. */
async function comesLate(
  context: FaultContext,
  { workspace, witness }: Trial,
  who: Who,
  delayMs: number,
): Promise<boolean> {
  const supervisor = context.start(workspace.root, ['run', '--json'], { detached: true });
  const { pid = 0 } = supervisor.process;
  await whileAlive(supervisor, 'the run has ended', () => runsIn(supervisor.stdout()).length > 0);
  await sleep(delayMs);
  const isLate = countIterations(supervisor) > 0;
  // Its git processes are in its process group.
  process.kill(who === 'all' ? -pid : pid, 'SIGKILL');
  const { stdout } = await supervisor.ended;
  await until('its git processes have ended', () => gitProcesses(workspace).length === 0, ORPHANS_MS);
  witness.hear(stdout);
  return isLate;
}

/** The orderly end, and nothing of anybody lost. */
async function ended(
  context: FaultContext,
  tried: Trial,
  problems: string[],
  { happened, kills }: { happened: string; kills: number },
): Promise<Outcome> {
  const last = await once(context, tried);
  const { problems: found, counts } = await tried.witness.verdict();
  const users = tried.workspace.git('log', '--format=%s', '--grep=^user').trim().split('\n').length;
  if (users !== kills) found.push(`${users} commits of the user are there instead of ${kills}`);
  if (last.code !== 0) found.push(`the last start ended with ${last.code}`);
  return outcome([...problems, ...found], happened, { killPoints: kills, ...counts });
}

/** Those that work in the workspace for the supervisor. */
function gitProcesses({ root }: Workspace): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => {
      try {
        if (readlinkSync(`/proc/${pid}/cwd`) !== root) return false;
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes('\0WATCHKEEPER_GIT_CALL=');
      } catch {
        return false; // ended while we looked
      }
    });
}
