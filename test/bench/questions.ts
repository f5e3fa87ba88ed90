import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { STORE_FILE } from '../../src/store/open-to-read.ts';
import type { BenchPart } from './bench-part.ts';
import { writeBigWorkspace } from './big-store.ts';
import { cleanedUpAtLast } from './leftovers.ts';
import { median } from './samples.ts';
import type { Row, Table } from './table.ts';
import { type Used, usedBy } from './used.ts';

/** As `npx watchkeeper` starts it. */
const WATCHKEEPER = fileURLToPath(new URL('../../src/cli/watchkeeper.mjs', import.meta.url));

const SIZE = { runs: 1_000_000, samples: 10_000_000, days: 400, rounds: 3 };
const QUICK = { runs: 2_000, samples: 2_000, days: 2, rounds: 1 };
const MODULES = 10;

const ANSWER_SECONDS = 1;
const REPORT_SECONDS = 3;
const MOST_MB = 300;

/** What each command takes to answer over a long history, from the start of its process to its end, and how much memory. */
export const questions: BenchPart = {
  name: 'questions',
  async measure({ quick, progress }) {
    const { rounds, ...size } = quick ? QUICK : SIZE;
    const root = mkdtempSync(join(tmpdir(), `watchkeeper-bench-${process.pid}-`));
    const remove = cleanedUpAtLast(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
    try {
      writeBigWorkspace(root, { ...size, modules: MODULES, customs: size.runs, endMs: Date.now() }, progress);
      const rows: Row[] = [];
      for (const command of quick ? commands(root).slice(-2) : commands(root)) {
        progress(command.label);
        rows.push(await measured(command, rounds));
      }
      return [tableOf(rows, { ...size, rounds, megabytes: sizeOf(root) })];
    } finally {
      remove();
    }
  },
};

interface Command {
  label: string;
  args: string[];
  /** Null: it is there for comparison. */
  goalSeconds: number | null;
}

/** Every command that answers from the history, the dearest way of asking each. */
const ASKED: string[][] = [
  ['status'],
  ['anomalies'],
  ['set-baseline', 'module-01'],
  ['baselines'],
  ['check-regression'],
  ['check-regression', 'module-01'],
  ['check-regression', '--against', 'previous-week'],
  ['trends', 'module-01'],
  ['trends', 'module-01', '--window', '400d', '--bucket', '1d'],
  ['trends', 'system'],
  ['compare'],
  ['compare', 'module-01', '--by', 'revision', '--runs', '5000'],
  ['bottlenecks'],
  ['bottlenecks', '--since', '400d'],
  ['forecast', 'module-01.runtimeSeconds'],
  ['forecast', 'system.diskFreeMb', '--ahead', '30d', '--reaches', '0'],
  ['recommend'],
  ['export', '--format', 'csv', '--since', '7d'],
];

const REPORTS: string[][] = [
  ['report', '--format', 'html'],
  ['report', '--format', 'md'],
];

function commands(root: string): Command[] {
  const asked = (goalSeconds: number) => (words: string[]) => ({
    ...{ label: words.join(' '), goalSeconds },
    args: [WATCHKEEPER, ...words, '--root', root],
  });
  return [
    { label: 'node -e 0', args: ['-e', '0'], goalSeconds: null },
    ...ASKED.map(asked(ANSWER_SECONDS)),
    ...REPORTS.map(asked(REPORT_SECONDS)),
  ];
}

async function measured({ label, args, goalSeconds }: Command, rounds: number): Promise<Row> {
  const used: Used[] = [];
  for (let round = 0; round < rounds; round += 1) used.push(await usedBy(args));
  if (used.some(({ exitCode }) => exitCode !== 0 && exitCode !== 1)) throw new Error(`${label} has failed`);
  const of = (figure: 'seconds' | 'cpuSeconds' | 'peakMb'): number => median(used.map(each => each[figure]));
  const [seconds, cpuSeconds, peakMb] = [of('seconds'), of('cpuSeconds'), of('peakMb')];
  const goal = goalSeconds === null ? null : goalOf(goalSeconds, cpuSeconds, peakMb);
  return { label, figures: [cpuSeconds, seconds, peakMb], goal };
}

function goalOf(seconds: number, cpuSeconds: number, peakMb: number): Row['goal'] {
  return { text: `${seconds} s, ${MOST_MB} MB`, met: cpuSeconds <= seconds && peakMb <= MOST_MB };
}

function sizeOf(root: string): number {
  return statSync(join(root, 'data', STORE_FILE)).size / 1e6;
}

interface Measured {
  runs: number;
  samples: number;
  days: number;
  rounds: number;
  megabytes: number;
}

function tableOf(rows: Row[], { runs, samples, days, rounds, megabytes }: Measured): Table {
  return {
    title: `Asking a history of ${runs} runs and ${samples} samples`,
    subject: 'watchkeeper',
    columns: [
      { name: 'CPU s', decimals: 2 },
      { name: 's', decimals: 2 },
      { name: 'peak MB', decimals: 0 },
    ],
    rows,
    notes: [
      `${MODULES} modules, ${days} days, with their roll-ups: ${megabytes.toFixed(0)} MB; each a process of its own, the median of ${rounds}`,
      'started as `npx watchkeeper` in a checkout does; what Node compiles is kept between starts',
      'held to its goal is the CPU time, user and system, of all threads: what it takes on a machine that does nothing else',
    ],
  };
}
