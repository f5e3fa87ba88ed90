import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Run } from '../../src/glossary/run.ts';
import type { Store } from '../../src/store/store.ts';
import { writeBigStore } from '../bench/big-store.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { aRun, aStore } from '../store/fixtures.ts';
import { call } from './called.ts';

export const YAML = 'modules: {collector: {command: x}, other: {command: x}}\n';
const HOUR_MS = 3_600_000;

export interface History {
  root: string;
  store: Store;
  runs: Run[];
}

/** A workspace with runs of two modules in turn, one an hour, the newest half an hour old. */
export function history(t: TestContext, count = 6): History {
  const { store, data } = aStore(t);
  const runs = Array.from({ length: count }, (_, index) =>
    aRun({
      module: index % 2 === 0 ? 'collector' : 'other',
      startedAt: new Date(Date.now() - (count - index - 0.5) * HOUR_MS).toISOString(),
    }),
  );
  for (const run of runs) store.recordRun(run, null);
  writeFileSync(join(dirname(data), 'watchkeeper.yaml'), YAML);
  return { root: dirname(data), store, runs };
}

export const LONG = {
  runs: 1_200,
  modules: 2,
  days: 1,
  customs: 0,
  samples: 0,
  endMs: Date.UTC(2026, 10, 20),
};

/** A workspace with more runs than are read at once. */
export function longHistory(t: TestContext): { root: string; data: string } {
  const root = temporaryFolder(t);
  const data = join(root, 'data');
  writeBigStore(data, LONG);
  return { root, data };
}

/** Standard output alone, of a command that is to succeed. */
export async function exported(root: string, ...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await call('export', '--root', root, ...argv);
  assert.deepEqual([code, stderr], [0, '']);
  return stdout;
}
