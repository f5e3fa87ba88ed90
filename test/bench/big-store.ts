import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CLOCK } from '../../src/clock.ts';
import type { ModuleState } from '../../src/glossary/judgement.ts';
import { BASE_METRICS, type BaseMetric, type ModuleCounts, type Run } from '../../src/glossary/run.ts';
import { Database } from '../../src/store/database.ts';
import { appendEvents } from '../../src/store/events.ts';
import { upsertIncident } from '../../src/store/incidents.ts';
import { setState } from '../../src/store/module-state.ts';
import { openStore } from '../../src/store/open.ts';
import { STORE_FILE } from '../../src/store/open-to-read.ts';
import { rollUp } from '../../src/store/rollups.ts';
import { addCounts, countsOf, insertRun, plus } from '../../src/store/runs.ts';
import { SeriesNumbers } from '../../src/store/series.ts';
import { createStore } from '../../src/store/store.ts';
import { understood } from '../helpers/script.ts';
import { bigHistory, type HistorySize, iterationsOf, moduleNamesOf } from './big-history.ts';
import { type SamplesSize, writeSamples } from './big-samples.ts';

const USAGE = `node test/bench/big-store.ts FOLDER [--runs 1000000] [--modules 10] [--days 400] [--customs RUNS] [--samples 10*RUNS]

Makes a workspace with a long history in FOLDER (its watchkeeper.yaml and data/watchkeeper.db), as a supervisor would have left it that
had run all the time, roll-ups included: some minutes for 1,000,000 runs and 10,000,000 samples. The same numbers always give the same history.

  --runs N      runs of all modules together
  --modules N   how many modules they are of
  --days N      over how many days they are spread; the last run ends now
  --customs N   values of custom metrics, spread evenly over the runs (default: one each)
  --samples N   samples of the machine and of services, one of each series every 10 s (default: ten times as many as runs)
`;

export interface StoreSize extends HistorySize, SamplesSize {}

/** Runs, and samples, that are taken into the roll-ups at once: the more, the seldomer a roll-up is read and written again. */
const ROLLED_AT_ONCE = 50_000;

/**
 * Writes a store with a long history into a new data folder, as a supervisor would have left it, its roll-ups included.
 *
 * @param progress called now and then with what was just done
 */
export function writeBigStore(data: string, size: StoreSize, progress = (_done: string): void => {}): void {
  openStore(data, { clock: CLOCK }).store.close();
  const database = new Database(join(data, STORE_FILE), { readOnly: false });
  try {
    database.execute('PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA cache_size=-64000');
    database.exclusively(() => {
      writeHistory(database, size, progress);
      writeSamples(database, size, progress);
    });
    rollUpAll(database, progress);
    database.execute('PRAGMA journal_mode=WAL');
  } finally {
    database.close();
  }
}

/** What the upkeep of a supervisor does in small slices. */
function rollUpAll(database: Database, progress: (done: string) => void): void {
  const store = createStore(database, null);
  store.claim({ ...BENCH_OWNER, nonce: randomUUID() });
  const numbers = new SeriesNumbers(database);
  for (let done = 1; rollUp(database, numbers, ROLLED_AT_ONCE); done += 1)
    progress(`${done * ROLLED_AT_ONCE} runs and samples in the roll-ups`);
  store.release();
}

const BENCH_OWNER = {
  ...{ pid: 0, startTime: '', bootId: '', host: '', startedAt: new Date(0).toISOString(), version: 'bench' },
};

/** A whole workspace around such a store: its modules are those of the history. */
export function writeBigWorkspace(root: string, size: StoreSize, progress?: (done: string) => void): void {
  const modules = moduleNamesOf(size).map(name => `  ${name}: { command: /bin/true }`);
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'watchkeeper.yaml'), `schedule: every 1h\nmodules:\n${modules.join('\n')}\n`);
  writeBigStore(join(root, 'data'), size, progress);
}

function writeHistory(database: Database, size: HistorySize, progress: (done: string) => void): void {
  const counts = new Map<string, ModuleCounts>();
  const newest = new Map<string, Run[]>();
  let written = 0;
  for (const { run, events } of bigHistory(size)) {
    insertRun(database, run);
    appendEvents(
      database,
      events.map(event => ({ time: event.time, event: event.event, line: JSON.stringify(event) })),
    );
    for (const event of events) upsertIncident(database, event);
    counts.set(run.module, plus(counts.get(run.module) ?? NONE, countsOf(run)));
    if (run.outcome === 'ok')
      newest.set(run.module, [...(newest.get(run.module) ?? []).slice(1 - WINDOW), run]);
    written += 1;
    if (written % 100_000 === 0) progress(`${written} runs`);
  }
  for (const [module, all] of counts) addCounts(database, module, all);
  for (const [module, runs] of newest) setState(database, module, stateOf(runs));
  writeIterations(database, size);
}

const NONE: ModuleCounts = { successCount: 0, errorCount: 0, restartCount: 0 };
/** Runs in a baseline, by default. */
const WINDOW = 5;

function stateOf(runs: Run[]): ModuleState {
  const recent = (metric: BaseMetric): number[] =>
    runs.map(run => run[metric]).filter(value => value !== null);
  return Object.fromEntries(BASE_METRICS.map(metric => [metric, { recent: recent(metric), incident: null }]));
}

function writeIterations(database: Database, size: HistorySize): void {
  const insert =
    'INSERT INTO iterations (iteration, startedAt, endedAt, message, status) VALUES (?, ?, ?, ?, ?)';
  for (const { iteration, startedAt, endedAt } of iterationsOf(size))
    database.run(insert, iteration, startedAt, endedAt, 'Performance OK', 'ok');
}

function main(): void {
  const asked = understood(USAGE, parsedArguments);
  if (asked === null || 'help' in asked) return;
  const { folder, size } = asked;
  const startMs = performance.now();
  writeBigWorkspace(folder, size, done => void process.stderr.write(`${done}\n`));
  const seconds = (performance.now() - startMs) / 1000;
  process.stderr.write(
    `${folder}: ${size.runs} runs and ${size.samples} samples, written in ${seconds.toFixed(1)} s\n`,
  );
}

const COUNT = { type: 'string' } as const;
const OPTIONS = { runs: COUNT, modules: COUNT, days: COUNT, customs: COUNT, samples: COUNT };

/** Ends now, in whole seconds. */
function parsedArguments(): { folder: string; size: StoreSize } | { help: true } | string {
  const help = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({ options: { ...OPTIONS, help }, allowPositionals: true });
  if (values.help) return { help: true };
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) return 'name one folder';
  const {
    runs = '1000000',
    modules = '10',
    days = '400',
    customs = runs,
    samples = 10 * Number(runs),
  } = values;
  const counts = { runs, modules, days, customs, samples };
  const size = Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [name, Number(count)]),
  ) as Record<keyof typeof counts, number>;
  if (!Object.values(size).every(count => Number.isSafeInteger(count) && count >= 0))
    return 'the sizes are whole numbers';
  if (size.modules === 0 || size.days === 0) return 'there must be a module and a day';
  return { folder: resolve(folder), size: { ...size, endMs: Math.floor(Date.now() / 1000) * 1000 } };
}

if (import.meta.main) main();
