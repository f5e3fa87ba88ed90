import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LSTM_SETTINGS } from '../../../src/detect/lstm/model.ts';
import { MOST_HISTORY, train } from '../../../src/detect/lstm/train.ts';
import { beginMetric } from '../../../src/detect/metric.ts';
import { gaussian, seededRandom } from '../../../src/stats/random.ts';
import { DETECTION } from '../../supervise/played.ts';
import { cleanedUpAtLast } from '../leftovers.ts';
import type { Table } from '../table.ts';

const SUPERVISOR = join(import.meta.dirname, '..', '..', '..', 'supervisor.ts');

/** What one run's metric costs, and how many values a second `detect` goes through, with reading and writing. */
export async function speedTable(quick: boolean): Promise<Table> {
  const values = noise(quick ? 2_000 : 100_000);
  const perRunMs = millisecondsPerRun(values.slice(0, quick ? 400 : 4_000));
  const perSecond = valuesPerSecond(values);
  const { windows, trainingSeconds } = training(quick ? 220 : MOST_HISTORY);
  return {
    title: 'Speed, one core',
    subject: 'what',
    columns: [{ name: 'measured', decimals: 3 }],
    rows: [
      {
        label: 'one metric of one run, ms (mean)',
        figures: [perRunMs],
        goal: { text: '0.5 ms', met: perRunMs <= 0.5 },
      },
      {
        label: '`detect --json`, thousands of values a second',
        figures: [perSecond / 1000],
        goal: { text: '100', met: perSecond >= 100_000 },
      },
      {
        label: `LSTM autoencoder: training with ${windows} windows, 20 epochs, s of CPU time`,
        figures: [trainingSeconds],
        goal: { text: '3 s', met: trainingSeconds <= 3 },
      },
    ],
    notes: [`detect: ${values.length} values from a CSV file to a pipe, with the start of the program`],
  };
}

function noise(count: number): number[] {
  const random = seededRandom(3);
  return Array.from({ length: count }, () => Math.exp(0.1 * gaussian(random)));
}

function millisecondsPerRun(values: readonly number[]): number {
  const ensemble = beginMetric(DETECTION, { ...DETECTION, floor: 0 }, 'ranking');
  const begin = performance.now();
  for (const value of values) ensemble.next(value, null);
  return (performance.now() - begin) / values.length;
}

function valuesPerSecond(values: readonly number[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-bench-'));
  const cleanUp = cleanedUpAtLast(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'series.csv');
  writeFileSync(file, `time,value\n${values.map((value, index) => `${index},${value}`).join('\n')}\n`);
  const begin = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [SUPERVISOR, 'detect', file, '--json', '--root', folder],
    {
      encoding: 'utf8',
      maxBuffer: 1e9,
    },
  );
  const seconds = (performance.now() - begin) / 1000;
  cleanUp();
  if (status !== 0) throw new Error(stderr);
  return values.length / seconds;
}

/** Four metrics that follow one load; a fifth of the windows is held out of the training. */
function training(runs: number): { windows: number; trainingSeconds: number } {
  const random = seededRandom(4);
  const metrics = ['runtimeSeconds', 'cpuPercent', 'memoryMb', 'rows'];
  const history = Array.from({ length: runs }, () => {
    const load = Math.exp(0.1 * gaussian(random));
    return metrics.map((_, index) => (index + 1) * load * Math.exp(0.03 * gaussian(random)));
  });
  const before = process.cpuUsage().user;
  const model = train({
    history,
    metrics,
    settings: LSTM_SETTINGS,
    seed: 1,
    trainedAt: '2026-01-01T00:00:00Z',
  });
  if (model === null) throw new Error('the history is too short');
  return { windows: model.windows, trainingSeconds: (process.cpuUsage().user - before) / 1e6 };
}
