import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModuleState } from '../../src/glossary/judgement.ts';
import type { Run } from '../../src/glossary/run.ts';
import { syncAnomaliesLog } from '../../src/store/anomalies.ts';
import { takeOverHistory } from '../../src/store/import.ts';
import { openStore } from '../../src/store/open.ts';
import { PerformanceFile } from '../../src/store/performance.ts';
import type { Store } from '../../src/store/store.ts';
import { anOwner, aRun, at, clock, judgeOf, START_MS } from '../store/fixtures.ts';
import { assertValid } from '../store/schemas.ts';

const judge = judgeOf();

/** Thousands of stores: in memory, where there is a folder for that, nobody waits for a disk. */
const FAST = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** The two files of a workspace that hold its history. */
export interface Files {
  performance: Buffer;
  log: Buffer;
}

/** A store of its own in a folder of its own, beside files if there are any; closed and gone afterwards. */
export function withStore<T>(files: Partial<Files>, act: (store: Store, data: string) => T): T {
  const root = mkdtempSync(join(FAST, 'watchkeeper-fuzz-'));
  const data = join(root, 'data');
  try {
    mkdirSync(data);
    if (files.performance !== undefined) writeFileSync(join(data, 'performance.json'), files.performance);
    if (files.log !== undefined) writeFileSync(join(data, 'anomalies.log'), files.log);
    const { store } = openStore(data, { clock });
    try {
      store.claim(anOwner());
      return act(store, data);
    } finally {
      store.close();
    }
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** What two modules leave behind: good and failed runs, an incident of each kind, custom metrics, all that a run need not have. */
export function goodFiles(): Files {
  const values = [1, 1, 1, 1, 1, 2, 1, 1, 3, 3, 3, 3, 1];
  const runs = values.flatMap((runtimeSeconds, index) => [
    aRun({ runtimeSeconds, iteration: index + 1 }),
    aRun({
      ...{ module: 'backtester', iteration: index + 1, trigger: 'after', runtimeSeconds: 2 },
      ...(index % 4 === 3
        ? { outcome: 'error', exitCode: 1, reason: 'ended with exit code 1', attempt: 2 }
        : {}),
      ...{ custom: { trades: 3 * (values[12 - index] ?? 0), spread: -0.5 } },
      ...{
        setupSeconds: 0.25,
        cleanupSeconds: 0,
        samplesPerSecond: 40.5,
        labels: { model: `v${index % 3}` },
      },
      ...(index % 2 === 0 ? { diskReadMb: 0, diskWrittenMb: 12.5, contextSwitches: 90 + index } : {}),
    }),
  ]);
  return withStore({}, (store, data) => {
    for (const run of runs) store.recordRun(run, judge(store.moduleState(run.module), run));
    return project(store, data);
  });
}

function project(store: Store, data: string): Files {
  new PerformanceFile(store, data).write(at(1000), 100);
  syncAnomaliesLog(store, data, START_MS);
  return {
    performance: readFileSync(join(data, 'performance.json')),
    log: readFileSync(join(data, 'anomalies.log')),
  };
}

export interface Taken {
  messages: string[];
  /** What `performance.json` stood for, in the store now: by module, oldest first. */
  runs: Map<string, Run[]>;
  lines: string[];
  /** Copies and what was set aside, by the name of the file. */
  aside: Map<string, Buffer>;
}

/** Takes a history over, shows it again, and checks all that must hold whatever the files were. */
export function takenOver(files: Files): Taken {
  return withStore(files, (store, data) => {
    const messages = takeOverHistory(store, data, judge, START_MS);
    const modules = store.moduleNames();
    const runs = new Map(modules.map(name => [name, store.runs(name, 1_000)]));
    checkStore(store, runs);
    const shown = project(store, data);
    checkShown(store, shown, runs);
    const aside = readdirSync(data).filter(name => name.includes('.damaged-'));
    return {
      messages,
      runs,
      lines: store.linesAfter(0, 10_000).map(({ line }) => line),
      aside: new Map(aside.map(name => [name.replace(/\.damaged-.*/, ''), readFileSync(join(data, name))])),
    };
  });
}

function checkStore(store: Store, runs: Map<string, Run[]>): void {
  const ids = [...runs.values()].flat().map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, 'each run once');
  const held = new Set<string | undefined>();
  for (const [name, own] of runs) {
    const state = store.moduleState(name);
    assert.deepEqual(state, replayed(own), 'a state is what its runs make of it');
    for (const { incident } of Object.values(state)) if (incident !== null) held.add(incident.id);
    const counts = Object.values(store.counts(name));
    assert.ok(
      counts.every(count => Number.isSafeInteger(count) && count >= 0),
      String(counts),
    );
  }
  assert.deepEqual(
    new Set(store.incidents({ open: true }).map(({ id }) => id)),
    held,
    'open is what a state holds open',
  );
  const newest = Math.max(0, ...[...runs.values()].flat().map(({ iteration }) => iteration));
  assert.ok(store.startIteration(at(0)) > newest, 'no iteration has the number of an earlier one');
  assert.ok(Number.isFinite(store.fact('firstStartMs') ?? 0));
}

function replayed(runs: Run[]): ModuleState {
  return JSON.parse(JSON.stringify(runs.reduce<ModuleState>((state, run) => judge(state, run).state, {})));
}

function checkShown(store: Store, { performance, log }: Files, runs: Map<string, Run[]>): void {
  const shown = JSON.parse(performance.toString());
  assertValid('performance', shown);
  for (const [name, own] of runs)
    assert.equal(shown.modules[name]?.runs.length ?? 0, Math.min(own.length, 100));
  const lines = store.linesAfter(0, 10_000).map(({ line }) => line);
  assert.equal(log.toString(), lines.map(line => `${line}\n`).join(''));
  for (const line of lines) assertValid('anomalies', JSON.parse(line));
}
