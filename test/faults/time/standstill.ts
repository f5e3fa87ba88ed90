import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../../helpers/supervisor.ts';
import { until } from '../../helpers/until.ts';
import { type Fault, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { pipeline } from '../pipeline.ts';
import { whileAlive } from '../program.ts';
import { runsIn } from '../told.ts';

/** Longer than the lock stays fresh (30 s) in the full form. */
const STOPPED_MS = { quick: 4_000, full: 60_000 };

export const standstill: Fault = {
  id: 'time/stopped-and-continued',
  group: 'time',
  weight: 'high',
  fault: 'SIGSTOP for 60 s (quick: 4 s) while modules run by the second, then SIGCONT',
  promise: 'one writer; what was missed is at most one run of each; nothing is lost, nothing runs twice',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const line = pipeline(context);
    const witness = new Witness(line);
    const supervisor = context.start(line.workspace.root);
    await whileAlive(supervisor, 'modules run', () => line.started('quick').length > 1);
    supervisor.process.kill('SIGSTOP');
    await until('it stands still', () => stateOf(supervisor) === 'T');
    const [stoppedAt, before] = [Date.now(), line.started('quick').length];
    await sleep(STOPPED_MS[context.size]);
    const meanwhile = line.started('quick').length - before;
    const continuedAt = Date.now();
    supervisor.process.kill('SIGCONT');
    await whileAlive(supervisor, 'modules run again', () => line.started('quick').length >= before + 3);
    const { code, stdout } = await supervisor.stop();
    witness.hear(stdout);
    const { problems, counts } = await witness.verdict();
    const missed = runsIn(supervisor.stdout()).filter(
      ({ module, trigger, startedAt }) =>
        module === 'quick' && trigger === 'schedule' && isWithin(startedAt, stoppedAt, continuedAt),
    ).length;
    if (meanwhile > 1) problems.push(`${meanwhile} modules were started while it stood still`);
    if (missed > 1) problems.push(`${missed} runs of the time that was missed`);
    if (code !== 0) problems.push(`it ended with ${code}`);
    const happened = `stopped for ${(continuedAt - stoppedAt) / 1000} s`;
    return outcome(problems, happened, { faultsInjected: 1, ...counts });
  },
};

function isWithin(time: string, from: number, to: number): boolean {
  return Date.parse(time) > from && Date.parse(time) < to;
}

function stateOf({ process: child }: Command): string {
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
}

const OVERLONG = `history: { runs: 10000 }
git: { commitOn: [ok, recovered, persisted, anomaly, error] }
modules:
  quick: { command: sh step.sh 0, schedule: every 1s }
  slow: { command: sh step.sh 2.5, schedule: every 1s }
  next: { command: sh step.sh 0, after: [slow], schedule: every 1s }
`;

export const longerThanItsInterval: Fault = {
  id: 'time/longer-than-its-interval',
  group: 'time',
  weight: 'high',
  fault: 'a module is due every second and takes 2.5 s; one that comes after it is due as often',
  promise: 'it never runs twice at the same time, every miss is counted and told; the others go on',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const line = pipeline(context, { yaml: OVERLONG });
    const witness = new Witness(line);
    const supervisor = context.start(line.workspace.root);
    await whileAlive(supervisor, 'the slow one has run three times', () => line.started('slow').length > 3);
    const { code, stdout, stderr } = await supervisor.stop();
    witness.hear(stdout);
    const { problems, counts } = await witness.verdict();
    const told = [...stderr.matchAll(/slow was due while it was still running.*?missed (\d+) so far/g)];
    const numbers = told.map(([, count]) => Number(count));
    if (numbers.length === 0) problems.push('no miss was told');
    if (numbers.some((count, index) => count !== index + 1)) problems.push(`misses were counted ${numbers}`);
    if (line.started('quick').length < 5) problems.push('the quick one did not go on');
    if (line.started('next').length === 0) problems.push('what comes after it never ran');
    if (code !== 0) problems.push(`it ended with ${code}`);
    return outcome(problems, `${numbers.length} misses`, { faultsInjected: numbers.length, ...counts });
  },
};
