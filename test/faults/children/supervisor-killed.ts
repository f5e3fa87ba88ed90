import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../../helpers/supervisor.ts';
import { until } from '../../helpers/until.ts';
import { type Fault, missed, outcome } from '../fault.ts';
import { processesOf } from '../invariants/leftovers.ts';
import { Witness } from '../invariants.ts';
import { type Pipeline, pipeline } from '../pipeline.ts';
import { whileAlive } from '../program.ts';
import { isAlive, parentOf } from './processes.ts';

const YAML = `history: { runs: 10000 }
git: { commitOn: [ok, error] }
schedule: every 24h
modules:
  hardy: { command: sh step-hardy.sh 600, killGrace: 300ms }
  hears: { command: sh step.sh 600, killGrace: 300ms }
  quick: { command: sh step.sh 0 }
services:
  feed: { command: sh step-hardy.sh 600, killGrace: 300ms }
`;

const ROUNDS = { quick: 2, full: 40 };

/**
 * A module outlives its keeper only if it does not end by the signal that the kernel sends it then. The next start has to
 * wait for one that is deaf to every SIGTERM; the quick one puts the first off.
 */
const HARDY = { quick: 'trap : TERM\n. ./step.sh\n', full: 'trap "" TERM\n. ./step.sh\n' };

export const supervisorKilled: Fault = {
  id: 'children/supervisor-killed',
  group: 'children',
  weight: 'critical',
  fault:
    'the supervisor is killed while modules and a service run: alone, or with its keepers, so that they live on',
  promise:
    'the next start finds them, ends them, says so, and records their runs as `killed`; nothing runs twice',
  quick: true,
  needs: ['linux'],
  async inject(context) {
    const line = pipeline(context, { yaml: YAML });
    line.workspace.write('step-hardy.sh', HARDY[context.size]);
    line.workspace.git('add', 'step-hardy.sh');
    const witness = new Witness(line);
    const rounds = ROUNDS[context.size];
    const problems: string[] = [];
    let [survived, killPoints] = [0, 0];
    let left: number[] = [];
    let expectsOrphans = false;
    for (let round = 0; round < rounds; round += 1) {
      const supervisor = context.start(line.workspace.root);
      await everythingRuns(supervisor, line);
      problems.push(...untold(supervisor, left, expectsOrphans));
      problems.push(
        ...left.filter(isAlive).map(pid => `process ${pid} was still there beside its successor`),
      );
      await sleep(context.random() * 200);
      const withKeepers = round % 2 === 0;
      left = await killed(supervisor, line, withKeepers);
      witness.hear((await supervisor.ended).stdout);
      witness.look();
      killPoints += 1;
      expectsOrphans = withKeepers;
      if (!withKeepers) continue;
      survived += left.filter(isAlive).length;
      if (!left.some(isAlive)) return missed('nobody outlived the supervisor');
    }
    const last = context.start(line.workspace.root, ['once', 'quick', '--json']);
    const { code, stdout, stderr } = await last.ended;
    witness.hear(stdout);
    if (code !== 0 && code !== 1) problems.push(`the last start ended with ${code}: ${stderr.slice(-300)}`);
    problems.push(...left.filter(isAlive).map(pid => `process ${pid} lives on`));
    const verdict = await witness.verdict();
    return outcome(
      [...problems, ...verdict.problems],
      `${rounds} kills, ${survived} processes outlived the supervisor and were ended by the next`,
      { killPoints, ...verdict.counts },
    );
  },
};

/** Of the processes that outlived their supervisor those that have a name are named by the next one. */
function untold(supervisor: Command, left: number[], expected: boolean): string[] {
  const told = supervisor.stderr().match(/ended \w+ \(pid \d+\), which a killed supervisor had left/g) ?? [];
  return expected && told.length === 0 ? [`nobody was told of ${left.length} processes that were left`] : [];
}

async function everythingRuns(supervisor: Command, line: Pipeline): Promise<void> {
  const before = line.started('feed').length;
  const counts = ['hardy', 'hears'].map(name => [name, line.started(name).length] as const);
  await whileAlive(
    supervisor,
    'everything runs',
    () =>
      line.started('feed').length > before &&
      counts.every(([name, count]) => line.started(name).length > count),
  );
}

/** Kills the supervisor, and all keepers where asked; what was running then. */
async function killed(supervisor: Command, { workspace }: Pipeline, withKeepers: boolean): Promise<number[]> {
  const own = processesOf(workspace).map(text => Number.parseInt(text, 10));
  supervisor.process.kill('SIGSTOP'); // it must not see its keepers die
  if (withKeepers) {
    const keepers = new Set(own.map(parentOf).filter(pid => parentOf(pid) === supervisor.process.pid));
    for (const keeper of keepers) process.kill(keeper, 'SIGKILL');
  }
  supervisor.process.kill('SIGKILL');
  await until('the supervisor is dead', () => !isAlive(supervisor.process.pid ?? 0));
  return own;
}
