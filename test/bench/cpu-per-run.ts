import type { Workspace } from '../helpers/workspace.ts';
import type { BenchPart } from './bench-part.ts';
import {
  childrenCpuMs,
  count,
  cpuMs,
  type Measured,
  printed,
  startNode,
  startSupervisor,
  whileRunning,
} from './processes.ts';
import type { Row, Table } from './table.ts';
import { inWorkspace, NO_ANOMALIES } from './workspace.ts';

const YAML = `modules: { shortest: { command: /bin/true, schedule: every 1s } }${NO_ANOMALIES}`;
const WITH_GIT = `${YAML}git: { okEvery: 1h }\n`;
const WITHOUT_GIT = `${YAML}git: { enabled: false }\n`;

/** The least that anybody could do each second. */
const BARE = `setInterval(() => require('node:child_process').spawn('/bin/true').on('exit', () => console.log('iteration 0:')), 1000)`;

const RUN = /iteration \d+:/g;

/** What one run costs the supervisor, and what it costs in the processes that it needs for it. */
export const cpuPerRun: BenchPart = {
  name: 'cpu-per-run',
  async measure({ quick, progress }) {
    const runs = quick ? 2 : 60;
    progress(`${runs} runs, one a second`);
    const inBoth = async ({ root }: Workspace, plain: Workspace): Promise<Table> => {
      const bare = startNode(['-e', BARE], root);
      const supervisors = [startSupervisor(root), startSupervisor(plain.root)];
      return whileRunning([bare, ...supervisors], () => measure(supervisors, bare, runs));
    };
    const withGit = (plain: Workspace): Promise<Table> =>
      inWorkspace(WITH_GIT, workspace => inBoth(workspace, plain));
    return [await inWorkspace(WITHOUT_GIT, withGit, { git: false })];
  },
};

interface CpuPerRun {
  runs: number;
  ownMs: number;
  childrenMs: number;
}

async function measure(supervisors: Measured[], bare: Measured, runs: number): Promise<Table> {
  const [base, ...perRun] = await Promise.all([bare, ...supervisors].map(found => follow(found, runs)));
  if (base === undefined) throw new Error('never: the bare one is the first');
  const labels = ['supervisor, in a repository, a commit an hour', 'supervisor, git off, no repository'];
  const rows = perRun.map((one, index) => rowOf(labels[index] ?? '', one, base));
  return {
    title: 'CPU time of one run',
    subject: '/bin/true each second',
    columns: [
      { name: 'runs', decimals: 0 },
      { name: 'own ms', decimals: 2 },
      { name: 'of its children ms', decimals: 1 },
      { name: 'own, ratio', decimals: 1 },
    ],
    rows: [rowOf('bare Node: setInterval and spawn', base, base), ...rows],
    notes: [
      'all side by side in the same seconds; each figure is CPU time over all runs, divided by their number',
      'children: the command itself, its keeper, and git (it is asked for the revision in each iteration)',
    ],
  };
}

/** From the end of one run to the end of another, after three that warm up. */
async function follow(found: Measured, runs: number): Promise<CpuPerRun> {
  await printed(found, RUN, 3);
  const before = { runs: count(found, RUN), own: cpuMs(found.pid), children: childrenCpuMs(found.pid) };
  await printed(found, RUN, before.runs + runs);
  const done = count(found, RUN) - before.runs;
  return {
    runs: done,
    ownMs: (cpuMs(found.pid) - before.own) / done,
    childrenMs: (childrenCpuMs(found.pid) - before.children) / done,
  };
}

function rowOf(label: string, { runs, ownMs, childrenMs }: CpuPerRun, base: CpuPerRun): Row {
  return { label, figures: [runs, ownMs, childrenMs, ownMs / base.ownMs], goal: null };
}
