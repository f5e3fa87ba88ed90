import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../../helpers/supervisor.ts';
import { type Fault, outcome } from '../fault.ts';
import { type MovedClock, movedClock } from '../moved-clock.ts';
import { runsIn } from '../told.ts';
import { clockWorkspace, moveTo } from './slots.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-05-04T10:30:00Z');

/** CPU time that the jump may cost more than an ordinary moment of the same length: what the loop would be blocked for. */
const BLOCKED_MS = 100;

interface Jump {
  words: string;
  from: number;
  to: number;
  /** How many runs an hourly module may have of it, at least and at most. */
  runs: [number, number];
}

const JUMPS: Jump[] = [
  { words: 'a year ahead', from: START, to: START + 365 * DAY_MS, runs: [1, 1] },
  { words: 'an hour back', from: START, to: START - 3_600_000, runs: [0, 0] },
  { words: 'from 1970 to network time', from: 5 * 60_000, to: START, runs: [1, 1] },
];

export const clockJumps: Fault = {
  id: 'time/clock-jumps',
  group: 'time',
  weight: 'high',
  fault:
    'the clock jumps: a year ahead, an hour back, from 1970 to network time; with schedules by the second, hour and day',
  promise:
    'what was missed is one catch-up run; the jump costs under 100 ms of CPU time more than an ordinary moment',
  quick: false,
  needs: ['linux', 'faketime'],
  async inject(context) {
    const problems: string[] = [];
    const costs: string[] = [];
    for (const jump of JUMPS) {
      const { cost, problem } = await tried(context, jump);
      costs.push(`${jump.words} ${Math.max(cost, 0)} ms`);
      problems.push(...problem);
      context.progress(`${jump.words}: ${cost} ms of CPU time`);
    }
    return outcome(problems, costs.join(', '), { faultsInjected: JUMPS.length });
  },
};

async function tried(
  context: Parameters<Fault['inject']>[0],
  { words, from, to, runs: [least, most] }: Jump,
): Promise<{ cost: number; problem: string[] }> {
  const clock = movedClock(context, from);
  const workspace = clockWorkspace(context, [
    'hourly: { command: "true", schedule: "0 * * * *" }',
    'daily: { command: "true", schedule: "0 4 * * *" }',
    'by-second: { command: "true", schedule: "* * * * * *" }',
  ]);
  const supervisor = context.start(workspace.root, ['run', '--json'], { env: clock.env });
  await moveTo(supervisor, clock, from);
  await cpuOfMove(supervisor, clock, () => clock.now()); // the first moments after a start are none of the usual
  const usual = await cpuOfMove(supervisor, clock, () => clock.now());
  const before = runsIn(supervisor.stdout()).length;
  const jumped = await cpuOfMove(supervisor, clock, () => to);
  const cost = Math.round(jumped.cpu - (usual.cpu / usual.beats) * jumped.beats);
  await moveTo(supervisor, clock, clock.now());
  const seen = runsIn(supervisor.stdout())
    .slice(before)
    .filter(({ module }) => module === 'hourly').length;
  const { code } = await supervisor.stop();
  return {
    cost,
    problem: [
      ...(seen >= least && seen <= most ? [] : [`${words}: the hourly module ran ${seen} times`]),
      ...(cost < BLOCKED_MS ? [] : [`${words}: it cost ${cost} ms of CPU time`]),
      ...(code === 0 ? [] : [`${words}: it ended with ${code}`]),
    ],
  };
}

/** CPU time of the supervisor itself, in milliseconds, while the clock is set and so many heartbeats pass. */
async function cpuOfMove(
  supervisor: Command,
  clock: MovedClock,
  to: () => number,
): Promise<{ cpu: number; beats: number }> {
  const [cpu, beats] = [cpuMs(supervisor), runsIn(supervisor.stdout()).length];
  await moveTo(supervisor, clock, to());
  await sleep(500); // whatever the jump has set going is part of it
  return { cpu: cpuMs(supervisor) - cpu, beats: Math.max(runsIn(supervisor.stdout()).length - beats, 1) };
}

/** The kernel counts in hundredths of a second. */
function cpuMs({ process: child }: Command): number {
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) * 10;
}
