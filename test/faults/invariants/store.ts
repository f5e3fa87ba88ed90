import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import type { Run } from '../../../src/glossary/run.ts';
import { runText } from './files.ts';
import { type Rollups, readRollups, rollupProblems } from './rollups.ts';

interface Counted {
  successCount: number;
  errorCount: number;
  restartCount: number;
}

/** What stands in the store, read by plain SQL and not by the product's own code. */
export interface StoreContent {
  /** By id, in the order in which they were recorded. */
  runs: Map<string, { module: string; text: string; endedAt: string; outcome: string; attempt: number }>;
  /** Every id as often as it is there. */
  ids: string[];
  /** Runs that were begun and not recorded. */
  begun: string[];
  /** The lines of anomalies.log. */
  events: string[];
  openIncidents: string[];
  iterations: number;
  modules: Map<string, Counted>;
  rollups: Rollups;
  /** The means of the baselines that were set, by module and metric. */
  baselines: Map<string, number>;
}

/** Reads a copy, so that nothing changes in the workspace; in words, why it cannot be read. */
export function readStore(dataFolder: string): StoreContent | string {
  const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-store-'));
  try {
    for (const side of ['', '-wal']) {
      const file = join(dataFolder, `watchkeeper.db${side}`);
      if (existsSync(file)) copyFileSync(file, join(folder, `watchkeeper.db${side}`));
    }
    return contentOf(join(folder, 'watchkeeper.db'));
  } catch (error) {
    return `the store cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function contentOf(path: string): StoreContent | string {
  const database = new DatabaseSync(path);
  try {
    const all = <Row>(sql: string): Row[] => database.prepare(sql).all() as Row[];
    const check = Object.values(all<Record<string, string>>('PRAGMA integrity_check')[0] ?? {})[0];
    if (check !== 'ok') return `the store is damaged: ${check}`;
    const runs = all<{ record: string }>('SELECT record FROM runs ORDER BY seq').map(
      ({ record }) => JSON.parse(record) as Run,
    );
    const open = "SELECT id FROM incidents WHERE status = 'open'";
    const modules = all<Counted & { name: string }>(
      'SELECT name, successCount, errorCount, restartCount FROM modules WHERE lastSeq > 0',
    );
    return {
      runs: new Map(runs.map(run => [run.id, { ...run, text: runText(run) }])),
      ids: runs.map(({ id }) => id),
      begun: all<{ id: string }>('SELECT id FROM begun').map(({ id }) => id),
      events: all<{ line: string }>('SELECT line FROM events ORDER BY seq').map(({ line }) => line),
      openIncidents: all<{ id: string }>(open).map(({ id }) => id),
      iterations: all<{ count: number }>('SELECT max(iteration) AS count FROM iterations')[0]?.count ?? 0,
      modules: new Map(modules.map(({ name, ...counts }) => [name, { ...counts }])),
      rollups: readRollups(all),
      baselines: new Map(
        all<{ name: string; mean: number }>(BASELINES).map(({ name, mean }) => [name, mean]),
      ),
    };
  } finally {
    database.close();
  }
}

const BASELINES = `
  SELECT module || '.' || metric AS name, json_extract(record, '$.mean') AS mean FROM baselines`;

/** The store agrees with itself. */
export function storeProblems(store: StoreContent, adopted: boolean): string[] {
  const twice = store.ids.length - store.runs.size;
  return [
    ...store.begun.map(id => `run ${id} was begun and is not recorded`),
    ...(twice === 0 ? [] : [`${twice} runs are there twice`]),
    ...(adopted ? [] : [...countProblems(store), ...rollupProblems(store.rollups)]),
  ];
}

function countProblems({ runs, modules }: StoreContent): string[] {
  return [...modules].flatMap(([name, counts]) => {
    const own = [...runs.values()].filter(({ module }) => module === name);
    const counted = {
      successCount: own.filter(({ outcome }) => outcome === 'ok').length,
      errorCount: own.filter(({ outcome }) => ['error', 'timeout', 'killed'].includes(outcome)).length,
      restartCount: own.filter(({ attempt }) => attempt > 1).length,
    };
    const { successCount, errorCount, restartCount } = counts;
    return isDeepStrictEqual(counted, { successCount, errorCount, restartCount })
      ? []
      : [
          `${name} is counted ${JSON.stringify(counts)} in the store, its runs are ${JSON.stringify(counted)}`,
        ];
  });
}
