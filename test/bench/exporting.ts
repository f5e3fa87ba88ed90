import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FORMATS } from '../../src/export/formats.ts';
import type { BenchPart } from './bench-part.ts';
import { writeBigWorkspace } from './big-store.ts';
import { cleanedUpAtLast } from './leftovers.ts';
import { SUPERVISOR } from './processes.ts';
import type { Row, Table } from './table.ts';
import { type Used, usedBy } from './used.ts';

const RUNS = 1_000_000;
const QUICK_RUNS = 2_000;
const DAYS = 400;
const MOST_MB = 300;

/** What each format of `export` takes for a long history, and how much memory. */
export const exporting: BenchPart = {
  name: 'exporting',
  async measure({ quick, progress }) {
    const runs = quick ? QUICK_RUNS : RUNS;
    const root = mkdtempSync(join(tmpdir(), `watchkeeper-bench-${process.pid}-`));
    const remove = cleanedUpAtLast(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
    try {
      progress(`a store of ${runs} runs`);
      writeBigWorkspace(root, {
        runs,
        modules: 10,
        days: DAYS,
        customs: runs,
        samples: 0,
        endMs: Date.now(),
      });
      const rows: Row[] = [];
      for (const [label, args] of commands(root)) {
        progress(label);
        rows.push(rowOf(label, await measured(args, join(root, 'out'))));
      }
      return [tableOf(rows, runs)];
    } finally {
      remove();
    }
  },
};

type Command = [label: string, args: string[]];

function commands(root: string): Command[] {
  const store = join(root, 'data/watchkeeper.db');
  const ofFormat = (name: string, ...more: string[]): string[] => [
    ...[SUPERVISOR, 'export', '--root', root, '--format', name, '--output', join(root, 'out'), ...more],
  ];
  return [
    ['bare Node: the records as they are', ['-e', BARE, store, join(root, 'out')]],
    ...FORMATS.map(({ name }): Command => [name, ofFormat(name)]),
    ['csv, the last 7 days', ofFormat('csv', '--since', '7d')],
  ];
}

/** The least that anybody could do: reads every record, and writes it as it is. */
const BARE = `
  const [store, out] = process.argv.slice(1);
  const { openSync, writeSync } = require('node:fs');
  const { DatabaseSync } = require('node:sqlite');
  const fd = openSync(out, 'w');
  const page = new DatabaseSync(store, { readOnly: true })
    .prepare('SELECT seq, record FROM runs WHERE seq > ? ORDER BY seq LIMIT 500');
  for (let rows = page.all(0); rows.length > 0; rows = page.all(rows.at(-1).seq))
    writeSync(fd, rows.map(({ record }) => record + '\\n').join(''));
`;

interface Figures extends Used {
  megabytes: number;
}

async function measured(args: string[], out: string): Promise<Figures> {
  const used = await usedBy(args);
  if (used.exitCode !== 0) throw new Error(`it has ended with ${used.exitCode}: ${args.join(' ')}`);
  return { ...used, megabytes: statSync(out).size / 1e6 };
}

function rowOf(label: string, { seconds, cpuSeconds, megabytes, peakMb }: Figures): Row {
  const isBare = label.startsWith('bare');
  return {
    label,
    figures: [seconds, cpuSeconds, megabytes, megabytes / seconds, peakMb],
    goal: isBare ? null : { text: `below ${MOST_MB} MB`, met: peakMb < MOST_MB },
  };
}

function tableOf(rows: Row[], runs: number): Table {
  return {
    title: `Exporting ${runs} runs`,
    subject: 'format',
    columns: [
      { name: 's', decimals: 1 },
      { name: 'CPU s', decimals: 1 },
      { name: 'MB', decimals: 1 },
      { name: 'MB/s', decimals: 1 },
      { name: 'peak MB', decimals: 0 },
    ],
    rows,
    notes: [
      `each is a process of its own, from its start to its end, one after the other; 10 modules, ${DAYS} days, one custom metric`,
      'peak: the largest resident memory of the process, of which Node alone has about 50 MB',
    ],
  };
}
