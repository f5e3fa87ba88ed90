import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { childPids } from '../../src/run/tree.ts';
import { until } from '../helpers/until.ts';
import type { BenchPart } from './bench-part.ts';
import { cpuMs, type Measured, startNode, startSupervisor, whileRunning } from './processes.ts';
import type { Row, Table } from './table.ts';
import { inWorkspace } from './workspace.ts';

/** 0.5 % of a core. */
const GOAL_MS_PER_SECOND = 5;

/** Longer than is measured; if all else fails, it ends by itself. */
const SLEEP = 'sleep 120';
const TREE = `sh -c '${SLEEP} & ${SLEEP} & ${SLEEP} & wait'`;
const BARE = `
const child = require('node:child_process').spawn('sleep', ['120']);
process.on('SIGTERM', () => { child.kill(); process.exit(); });`;

/** What it costs to watch a child while it runs for long. */
export const watching: BenchPart = {
  name: 'watching',
  async measure({ quick, progress }) {
    const spans = quick ? [0.5, 0.5] : [20, 40];
    progress(`${spans.join(' and ')} s beside children that sleep`);
    const table = await inWorkspace(yamlOf(SLEEP), one =>
      inWorkspace(yamlOf(TREE), async tree => {
        const bare = startNode(['-e', BARE], one.root);
        const supervisors = [startSupervisor(one.root), startSupervisor(tree.root)];
        return whileRunning([bare, ...supervisors], async () =>
          tableOf(await Promise.all([bare, ...supervisors].map(found => follow(found, spans))), spans),
        );
      }),
    );
    return [table];
  },
};

const yamlOf = (command: string): string =>
  `modules: { waiting: { command: ${JSON.stringify(command)}, schedule: every 1h } }`;

interface Cost {
  ownMs: number;
  keeperMs: number;
}

/** CPU of the supervisor and of the process between it and the command, a second, in each span from the command's start on. */
async function follow({ pid }: Measured, spans: number[]): Promise<Cost[]> {
  const child = await until('its command runs', () => keeperOf(pid));
  const costs: Cost[] = [];
  for (const seconds of spans) {
    const before = { own: cpuMs(pid), keeper: cpuMs(child) };
    await sleep(seconds * 1000);
    costs.push({
      ownMs: (cpuMs(pid) - before.own) / seconds,
      keeperMs: (cpuMs(child) - before.keeper) / seconds,
    });
  }
  return costs;
}

/** The keeper by the name that it gives itself; without one, the command. */
function keeperOf(pid: number): number | null {
  const isWaiting = (child: number): boolean => /^watchkeeper:|sleep/.test(commandLine(child));
  return childPids(pid).find(isWaiting) ?? null;
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return ''; // it has just ended
  }
}

function tableOf([bare = [], one = [], tree = []]: Cost[][], spans: number[]): Table {
  const labels = [
    'bare Node with one child',
    'a module that sleeps',
    'a module of four processes that sleep',
  ];
  const [first = 0, next = 0] = spans;
  const names = [`the first ${first} s`, `the next ${next} s`];
  return {
    title: 'Watching a long run',
    subject: 'from its start on',
    columns: ['supervisor ms per second', 'keeper ms per second', 'together'].map(name => ({
      name,
      decimals: 2,
    })),
    rows: spans.flatMap((_, span) =>
      [bare, one, tree].map((costs, index) =>
        rowOf(`${labels[index]}: ${names[span]}`, costs[span], index > 0),
      ),
    ),
    notes: [
      'CPU time, side by side in the same seconds; it becomes less with time, as looks at a child become rarer',
    ],
  };
}

function rowOf(label: string, cost: Cost | undefined, judged: boolean): Row {
  const { ownMs = Number.NaN, keeperMs = Number.NaN } = cost ?? {};
  const sum = ownMs + keeperMs;
  const goal = { text: `${GOAL_MS_PER_SECOND} ms (0.5 % of a core)`, met: sum <= GOAL_MS_PER_SECOND };
  return { label, figures: [ownMs, keeperMs, sum], goal: judged ? goal : null };
}
