import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BenchPart } from './bench-part.ts';
import {
  cpuMs,
  type Measured,
  memoryMb,
  printed,
  startNode,
  startSupervisor,
  whileRunning,
} from './processes.ts';
import type { Goal, Row, Table } from './table.ts';
import { inWorkspace, NO_ANOMALIES } from './workspace.ts';

const SERVER = fileURLToPath(new URL('../fixtures/services/server.mjs', import.meta.url));

const CPU_MS_PER_SECOND = 0.5;
const MEMORY_RATIO = 1.25;

/** When is measured, in seconds after the first iteration, and for how long. */
const USUAL = { first: 10, later: 330, seconds: 120 };
const QUICK = { first: 0.1, later: 1.2, seconds: 1 };

/**
 * What a supervisor costs that has nothing to do: without the sampler of the machine, and with it; soon after its start, while V8 tidies up
 * what the start has left, and after that.
 */
export const idle: BenchPart = {
  name: 'idle',
  async measure({ quick, progress }) {
    const times = quick ? QUICK : USUAL;
    progress(`${times.later + times.seconds} s beside a bare Node`);
    const [plain, sampling] = [yamlOf(await freePort(), false), yamlOf(await freePort(), true)];
    const table = await inWorkspace(plain, ({ root }) =>
      inWorkspace(sampling, async other => {
        const bare = startNode(['-e', 'setInterval(() => {}, 1000)'], root);
        const supervisors = [startSupervisor(root), startSupervisor(other.root)] as const;
        return whileRunning([bare, ...supervisors], async () => {
          for (const supervisor of supervisors) await printed(supervisor, /iteration \d+:/g, 1);
          return measure(supervisors, bare, times);
        });
      }),
    );
    return [table];
  },
};

/** As in the example workspace: three modules one after the other, and a service with a health check. */
const yamlOf = (port: number, samples: boolean): string => `
services:
  feed:
    command: ["${process.execPath}", "${SERVER}", "${port}", .]
    health: { http: "http://127.0.0.1:${port}/", every: 10s, timeout: 2s, failures: 3 }
modules:
  first: { command: /bin/true, schedule: every 1h }
  second: { command: /bin/true, after: [first] }
  third: { command: /bin/true, after: [second] }
git: { okEvery: 1h }
system: { enabled: ${samples}, every: 10s }
${NO_ANOMALIES}`;

async function measure(
  [plain, sampling]: readonly [Measured, Measured],
  bare: Measured,
  { first, later, seconds }: typeof USUAL,
): Promise<Table> {
  const all = [plain, sampling, bare];
  await sleep(first * 1000);
  const soon = await cpuPerSecond(all, seconds);
  await sleep((later - first - seconds) * 1000);
  const then = await cpuPerSecond(all, seconds);
  const [memory, bareMemory] = [memoryMb(sampling.pid), memoryMb(bare.pid)];
  const ratio = memory.rss / bareMemory.rss;
  return {
    title: 'Idle: three modules on long schedules, one service asked each 10 s',
    subject: `over ${seconds} s each`,
    columns: [
      { name: 'supervisor', decimals: 2 },
      { name: 'bare Node', decimals: 2 },
      { name: 'ratio', decimals: 2 },
    ],
    rows: [
      ...cpuRows(`CPU ms per second, from ${first} s after the start on`, soon),
      ...cpuRows(`from ${later} s on`, then),
      row('RSS MB at the end', memory.rss, bareMemory.rss, {
        text: `at most ${MEMORY_RATIO} x`,
        met: ratio <= MEMORY_RATIO,
      }),
      ...(memory.pss === null || bareMemory.pss === null
        ? []
        : [row('PSS MB at the end', memory.pss, bareMemory.pss, null)]),
    ],
    notes: [
      'the bare Node sits in `setInterval(() => {}, 1000)`; the processes that the supervisor has started are not counted',
      'memory is that of the one with the sampler; its samples go into the roll-ups once a minute',
      'started as `npm start` does; what its start has left in memory is tidied up by V8 within some minutes',
    ],
  };
}

/** CPU milliseconds of each process in a second. */
async function cpuPerSecond(processes: Measured[], seconds: number): Promise<number[]> {
  const before = processes.map(({ pid }) => cpuMs(pid));
  await sleep(seconds * 1000);
  return processes.map(({ pid }, index) => (cpuMs(pid) - (before[index] ?? 0)) / seconds);
}

function cpuRows(label: string, [ours = 0, withSampler = 0, base = 0]: number[]): Row[] {
  const goal = { text: `${CPU_MS_PER_SECOND} ms`, met: ours <= CPU_MS_PER_SECOND };
  return [
    row(label, ours, base, goal),
    row('the same, the machine sampled every 10 s', withSampler, base, null),
  ];
}

function row(label: string, ours: number, base: number, goal: Goal | null): Row {
  return { label, figures: [ours, base, ours / base], goal };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
