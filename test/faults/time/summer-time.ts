import { type Fault, type FaultContext, outcome } from '../fault.ts';
import { movedClock } from '../moved-clock.ts';
import { runsIn } from '../told.ts';
import { clockWorkspace, moveTo } from './slots.ts';

const STEP_MS = { quick: 1_800_000, full: 600_000 };

interface Night {
  /** Clock times are those of this zone; the night is given in UTC. */
  zone: string;
  from: string;
  to: string;
  /** The moments (UTC) at which `30 2 * * *` is due: once, whether 02:30 is left out or comes twice. */
  daily: string[];
}

/** The changes of 2026 in Berlin, by the European rule: 02:00 -> 03:00 on the 29th of March, 03:00 -> 02:00 on the 25th of October. */
const NIGHTS: Record<'spring' | 'autumn', Night> = {
  spring: {
    zone: 'Europe/Berlin',
    from: '2026-03-28T22:30:00Z',
    to: '2026-03-29T04:30:00Z',
    daily: ['2026-03-29T01:00:00.000Z'],
  },
  autumn: {
    zone: 'Europe/Berlin',
    from: '2026-10-24T22:30:00Z',
    to: '2026-10-25T04:30:00Z',
    daily: ['2026-10-25T00:30:00.000Z'],
  },
};

export const summerTime: Fault[] = (['spring', 'autumn'] as const).map(season => ({
  id: `time/summer-time-${season}`,
  group: 'time',
  weight: 'high',
  fault: `the night in which clocks change (Berlin, ${season}), in steps of ten minutes (quick: thirty), with an hourly and a daily schedule`,
  promise: 'each hour has its run, the daily one runs once, none twice',
  quick: false,
  needs: ['linux', 'faketime'],
  inject: context => throughNight(context, NIGHTS[season]),
}));

async function throughNight(context: FaultContext, night: Night) {
  const stepMs = STEP_MS[context.size];
  const [from, to] = [Date.parse(night.from), Date.parse(night.to)];
  const clock = movedClock(context, from);
  const workspace = clockWorkspace(
    context,
    [
      'hourly: { command: "true", schedule: "0 * * * *" }',
      'daily: { command: "true", schedule: "30 2 * * *" }',
    ],
    `timezone: ${night.zone}\n`,
  );
  const supervisor = context.start(workspace.root, ['run', '--json'], { env: clock.env });
  for (let time = from; time <= to; time += stepMs) {
    await moveTo(supervisor, clock, time);
    context.progress(new Date(time).toISOString());
  }
  const { code } = await supervisor.stop();
  const runs = runsIn(supervisor.stdout());
  const slotsOf = (name: string): string[] =>
    runs.filter(({ module }) => module === name).map(({ startedAt }) => slotOf(startedAt, stepMs));
  const hours = hoursBetween(from, to);
  const problems = [
    ...different('hourly', slotsOf('hourly'), hours),
    ...different('daily', slotsOf('daily'), night.daily),
    ...(code === 0 ? [] : [`it ended with ${code}`]),
  ];
  return outcome(problems, `${hours.length} hourly slots, one daily`, {
    faultsInjected: Math.floor((to - from) / stepMs) + 1,
  });
}

/** The step in which a run began: the clock stands at its beginning, and goes on by less than a step. */
function slotOf(startedAt: string, stepMs: number): string {
  return new Date(Math.floor(Date.parse(startedAt) / stepMs) * stepMs).toISOString();
}

function hoursBetween(from: number, to: number): string[] {
  const first = Math.ceil(from / 3_600_000);
  const count = Math.floor(to / 3_600_000) - first + 1;
  return Array.from({ length: count }, (_, index) => new Date((first + index) * 3_600_000).toISOString());
}

function different(name: string, seen: string[], expected: string[]): string[] {
  if (seen.join() === expected.join()) return [];
  return [`${name} ran at ${seen.join(', ') || 'no time'}, and should at ${expected.join(', ')}`];
}
