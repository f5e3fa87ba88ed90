import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LSTM_SETTINGS } from '../../../src/detect/lstm/model.ts';
import { MOST_HISTORY, train } from '../../../src/detect/lstm/train.ts';
import { beginMetric } from '../../../src/detect/metric.ts';
import { ModuleDetection } from '../../../src/detect/module.ts';
import type { Run } from '../../../src/glossary/run.ts';
import { gaussian, seededRandom } from '../../../src/stats/random.ts';
import { NOTHING_FURTHER } from '../../helpers/further.ts';
import { DETECTION } from '../../supervise/played.ts';
import { cleanedUpAtLast } from '../leftovers.ts';
import type { Table } from '../table.ts';

/** The command as npm installs it. */
const WATCHKEEPER = join(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'watchkeeper.mjs');

/** What one run's metric costs, and how many values a second `detect` goes through, with reading and writing. */
export async function speedTable(quick: boolean): Promise<Table> {
  const values = noise(quick ? 2_000 : 100_000);
  const perRunMs = millisecondsPerRun(values.slice(0, quick ? 400 : 4_000));
  const whole = detectSeconds(values);
  const start = detectSeconds(values.slice(0, 10));
  const perSecond = values.length / whole.wallSeconds;
  const module = learning(quick ? 100 : 400);
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
        label: 'the same by its CPU time (user), which others on the machine disturb less',
        figures: [values.length / whole.cpuSeconds / 1000],
        goal: null,
      },
      { label: 'of it the start of the program, s of CPU time', figures: [start.cpuSeconds], goal: null },
      {
        label: 'a module with ten metrics that was forgotten: learned anew, ms of CPU time',
        figures: [module.anewMs],
        goal: null,
      },
      { label: 'the same, from what was kept of it', figures: [module.keptMs], goal: null },
      {
        label: `LSTM autoencoder: training with ${windows} windows, 20 epochs, s of CPU time`,
        figures: [trainingSeconds],
        goal: { text: '3 s', met: trainingSeconds <= 3 },
      },
    ],
    notes: [
      `detect: ${values.length} values from a CSV file to a pipe, with the start of the program`,
      'a quarter of it is starting and compiling; of the rest no part takes more than a sixth:',
      'the text of the lines, two modes and the season, how new a value is, memory',
    ],
  };
}

function noise(count: number, seed = 3): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => Math.exp(0.1 * gaussian(random)));
}

function millisecondsPerRun(values: readonly number[]): number {
  const ensemble = beginMetric(DETECTION, { ...DETECTION, floor: 0 }, 'ranking');
  const begin = performance.now();
  for (const value of values) ensemble.next(value, null);
  return (performance.now() - begin) / values.length;
}

interface Taken {
  wallSeconds: number;
  /** In user mode, of all its threads. */
  cpuSeconds: number;
}

const TELLS_CPU = 'data:text/javascript,process.on("exit",()=>console.error("CPU "+process.cpuUsage().user))';

/** A whole `detect --json`, with reading and writing. */
function detectSeconds(values: readonly number[]): Taken {
  const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-bench-'));
  const cleanUp = cleanedUpAtLast(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'series.csv');
  writeFileSync(file, `time,value\n${values.map((value, index) => `${index},${value}`).join('\n')}\n`);
  const begin = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', TELLS_CPU, WATCHKEEPER, 'detect', file, '--json', '--root', folder],
    {
      encoding: 'utf8',
      maxBuffer: 1e9,
    },
  );
  const wallSeconds = (performance.now() - begin) / 1000;
  cleanUp();
  const cpu = /CPU (\d+)/.exec(stderr)?.[1];
  if (status !== 0 || cpu === undefined) throw new Error(stderr);
  return { wallSeconds, cpuSeconds: Number(cpu) / 1e6 };
}

const RUN: Omit<Run, 'id' | 'runtimeSeconds' | 'cpuPercent' | 'memoryMb' | 'apiLatencySeconds' | 'custom'> = {
  ...NOTHING_FURTHER,
  ...{ module: 'module', iteration: 1, trigger: 'schedule', attempt: 1, revision: null, reason: null },
  ...{ startedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:00:01.000Z', outcome: 'ok' },
  ...{ exitCode: 0, signal: null, cpuSeconds: null, api: null },
};

/** What it costs to know a module again of which so many runs are in the store, without reading them. */
function learning(count: number): { anewMs: number; keptMs: number } {
  const runs = Array.from({ length: count }, (_, index) => {
    const [runtimeSeconds = 0, cpuPercent = 0, memoryMb = 0, apiLatencySeconds = 0, ...others] = noise(
      10,
      index,
    );
    const custom = Object.fromEntries(others.map((value, place) => [`custom${place}`, value]));
    return { ...RUN, id: `run-${index}`, runtimeSeconds, cpuPercent, memoryMb, apiLatencySeconds, custom };
  });
  const begun = (): ModuleDetection => new ModuleDetection(DETECTION, () => ({ ...DETECTION, floor: 0 }));
  const anew = (): ModuleDetection => {
    const module = begun();
    for (const run of runs) module.next(run);
    return module;
  };
  const saved = anew().save();
  if (saved === null) throw new Error('there is nothing to be kept');
  const restored = (): ModuleDetection => {
    const module = begun();
    if (!module.restore(saved, runs)) throw new Error('what was kept cannot be read');
    return module;
  };
  return { anewMs: cpuMs(anew), keptMs: cpuMs(restored) };
}

/** The mean of ten, once it is compiled. */
function cpuMs(action: () => unknown): number {
  for (let each = 0; each < 5; each += 1) action();
  const before = process.cpuUsage().user;
  for (let each = 0; each < 10; each += 1) action();
  return (process.cpuUsage().user - before) / 1e4;
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
