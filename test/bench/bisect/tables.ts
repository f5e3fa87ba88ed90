import { bisectOnce, type Tried, type World } from '../../bisect/simulate.ts';
import type { Row, Table } from '../table.ts';

const USUAL: World = { commits: 64, change: 0.2, cv: 0.05 };

/** What is asked of it: 19 of 20. */
const LEAST_FOUND = 95;
const MOST_WRONG = 5;

const CHANGED: { label: string; world: Partial<World>; isGoal: boolean }[] = [
  { label: '64 commits, +20 %, CV 5 %', world: {}, isGoal: true },
  { label: 'CV 2 %', world: { cv: 0.02 }, isGoal: true },
  { label: 'CV 10 %', world: { cv: 0.1 }, isGoal: true },
  { label: 'CV 20 %', world: { cv: 0.2 }, isGoal: false },
  { label: '+5 %', world: { change: 0.05 }, isGoal: false },
  { label: '+10 %', world: { change: 0.1 }, isGoal: true },
  { label: '-20 %', world: { change: -0.2 }, isGoal: true },
  { label: '1,000 commits', world: { commits: 1_000 }, isGoal: true },
  { label: 'wild runs, 1 in 20', world: { wild: 0.05 }, isGoal: true },
  { label: 'wild runs, 1 in 7', world: { wild: 0.15 }, isGoal: true },
  { label: 'machine wanders, 2 % a run', world: { wander: 0.02 }, isGoal: true },
  { label: 'machine jumps by 20 %, every 30 runs', world: { jump: 0.2 }, isGoal: true },
  { label: 'commits differ by 2 % by themselves', world: { uneven: 0.02 }, isGoal: true },
  { label: 'a third of the commits broken', world: { broken: 0.33 }, isGoal: true },
];

const UNCHANGED: { label: string; world: Partial<World> }[] = [
  { label: 'CV 5 %', world: {} },
  { label: 'CV 10 %', world: { cv: 0.1 } },
  { label: 'wild runs, 1 in 7', world: { wild: 0.15 } },
  { label: 'machine wanders, 2 % a run', world: { wander: 0.02 } },
  { label: 'machine jumps by 20 %, every 30 runs', world: { jump: 0.2 } },
];

const isNamed = ({ end }: Tried): boolean => end.kind === 'found';

/** How often a planted change is found, and with how many runs. */
export function changedTable(count: number, progress: (text: string) => void): Table {
  const rows = CHANGED.map(({ label, world, isGoal }): Row => {
    progress(label);
    const all = tries(world, count);
    const [found, wrong] = [
      percent(all, each => each.found),
      percent(all, each => isNamed(each) && !each.found),
    ];
    const unsure = percent(all, ({ end }) => end.kind === 'undecided' || end.kind === 'alike');
    const held = percent(all.filter(isNamed), each => each.held);
    const met = (isGoal ? found >= LEAST_FOUND : true) && wrong <= MOST_WRONG;
    const text = isGoal ? `found ${LEAST_FOUND} or more` : `wrong ${MOST_WRONG} or less`;
    return { label, figures: [found, wrong, unsure, ...runsOf(all), held], goal: { text, met } };
  });
  return {
    title: `bisect: a planted change, percent of ${count} tries each`,
    subject: 'what, where it is not as in the first row',
    columns: [
      ...columns(['found', 'wrong', 'said so']),
      ...columns(['runs, mean', 'runs, p95']),
      ...columns(['interval holds']),
    ],
    rows,
    notes: [
      'wrong: another commit was named; said so: not to be told with 400 runs, or no difference seen between good and bad',
      'interval holds: the 95 % interval of the change holds the planted one, where a commit was named',
      'log-normal noise; wild runs are slowed down by 30 % more or less',
    ],
  };
}

/** How often a commit is named where nothing has changed. */
export function unchangedTable(count: number, progress: (text: string) => void): Table {
  const rows = UNCHANGED.map(({ label, world }): Row => {
    progress(`no change, ${label}`);
    const all = tries({ ...world, change: 0 }, count);
    const named = percent(all, isNamed);
    return {
      label,
      figures: [named, ...runsOf(all)],
      goal: { text: `${MOST_WRONG} or less`, met: named <= MOST_WRONG },
    };
  });
  return {
    title: `bisect: no change at all, percent of ${count} tries each`,
    subject: 'what',
    columns: columns(['a commit is named', 'runs, mean', 'runs, p95']),
    rows,
    notes: ['64 commits, CV 5 % where nothing else is said'],
  };
}

function tries(world: Partial<World>, count: number): Tried[] {
  return Array.from({ length: count }, (_, index) => bisectOnce({ ...USUAL, ...world }, index + 1));
}

function percent(all: readonly Tried[], is: (tried: Tried) => boolean): number {
  return (100 * all.filter(is).length) / Math.max(1, all.length);
}

function runsOf(all: readonly Tried[]): [mean: number, p95: number] {
  const runs = all.map(each => each.runs).sort((a, b) => a - b);
  return [runs.reduce((sum, each) => sum + each / runs.length, 0), runs[Math.floor(0.95 * runs.length)] ?? 0];
}

const columns = (names: string[]): Table['columns'] => names.map(name => ({ name, decimals: 1 }));
