import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { Run } from '../../src/glossary/run.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { fc } from '../helpers/properties.ts';
import { aRun } from '../store/fixtures.ts';
import { RUN, rendered, sourceOf } from './source.ts';

failOnLeaks();

async function fileOf(runs: Run[]): Promise<AsyncBuffer> {
  const bytes = await rendered('parquet', sourceOf(runs, 1_000));
  return {
    byteLength: bytes.length,
    slice: (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer,
  };
}

function typesOf({ schema }: FileMetaData): Record<string, string> {
  const leaves = schema.filter(({ num_children }) => num_children === undefined);
  return Object.fromEntries(leaves.map(leaf => [leaf.name, leaf.logical_type?.type ?? String(leaf.type)]));
}

const wholeOf = (value: number | null | undefined): bigint | null =>
  typeof value === 'number' ? BigInt(value) : null;

/** A run as a reader is to see it. */
function rowOf(run: Run, custom: string[]): Record<string, unknown> {
  const { api, custom: own } = run;
  return {
    ...{ id: run.id, module: run.module, trigger: run.trigger, outcome: run.outcome, signal: run.signal },
    ...{ runtimeSeconds: run.runtimeSeconds, cpuSeconds: run.cpuSeconds, cpuPercent: run.cpuPercent },
    ...{ memoryMb: run.memoryMb, apiLatencySeconds: run.apiLatencySeconds },
    ...{ revision: run.revision, reason: run.reason },
    ...{ iteration: wholeOf(run.iteration), attempt: wholeOf(run.attempt), exitCode: wholeOf(run.exitCode) },
    ...{ startedAt: new Date(run.startedAt), endedAt: new Date(run.endedAt) },
    ...{ 'api.count': wholeOf(api?.count), 'api.errors': wholeOf(api?.errors) },
    ...{ 'api.p95': api?.p95 ?? null, 'api.max': api?.max ?? null },
    ...Object.fromEntries(custom.map(name => [`custom.${name}`, own[name] ?? null])),
  };
}

/** Further columns may stand beside these. */
function assertHas(found: Record<string, unknown>, expected: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(expected)) assert.deepEqual(found[name], value, name);
}

test('each column has the type of its values, also where there is no run', async () => {
  const expected = {
    ...{ id: 'STRING', module: 'STRING', iteration: 'INT64', trigger: 'STRING', attempt: 'INT64' },
    ...{
      startedAt: 'TIMESTAMP',
      endedAt: 'TIMESTAMP',
      outcome: 'STRING',
      exitCode: 'INT64',
      signal: 'STRING',
    },
    ...{ runtimeSeconds: 'DOUBLE', cpuSeconds: 'DOUBLE', cpuPercent: 'DOUBLE', memoryMb: 'DOUBLE' },
    ...{ apiLatencySeconds: 'DOUBLE', 'api.count': 'INT64', 'api.errors': 'INT64', 'api.p95': 'DOUBLE' },
    ...{ 'api.max': 'DOUBLE', revision: 'STRING', reason: 'STRING' },
  };
  const empty = await parquetMetadataAsync(await fileOf([]));
  assertHas(typesOf(empty), expected);
  assert.equal(empty.num_rows, 0n);
  const one = await parquetMetadataAsync(await fileOf([aRun({ custom: { rows: 1 } })]));
  assertHas(typesOf(one), { ...expected, 'custom.rows': 'DOUBLE' });
  assert.equal(one.num_rows, 1n);
  assert.match(one.created_by ?? '', /^watchkeeper version \d/);
});

test('times are in UTC, to the millisecond', async () => {
  const { schema } = await parquetMetadataAsync(await fileOf([aRun()]));
  const { logical_type } = schema.find(({ name }) => name === 'startedAt') ?? {};
  assert.deepEqual(logical_type, { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' });
});

test('a reader finds every value of every run again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(RUN, { minLength: 1, maxLength: 8 }), async runs => {
      const custom = sourceOf(runs).customMetrics();
      const rows = await parquetReadObjects({ file: await fileOf(runs) });
      assert.equal(rows.length, runs.length);
      for (const [index, run] of runs.entries()) assertHas(rows[index] ?? {}, rowOf(run, custom));
    }),
    { numRuns: 60 },
  );
});

test('many runs are several row groups, in order', async () => {
  const runs = Array.from({ length: 20_001 }, (_, index) =>
    aRun({ iteration: index, module: index < 5 ? 'first' : 'x' }),
  );
  const file = await fileOf(runs);
  const { row_groups: groups } = await parquetMetadataAsync(file);
  assert.deepEqual(
    groups.map(({ num_rows }) => num_rows),
    [10_000n, 10_000n, 1n],
  );
  const rows = await parquetReadObjects({ file, columns: ['iteration', 'module'] });
  assert.deepEqual(
    rows.map(({ iteration }) => iteration),
    runs.map(({ iteration }) => BigInt(iteration)),
  );
  assert.equal(rows.filter(({ module }) => module === 'first').length, 5);
});

test('what is out of the range of its type is no value, and no failure', async () => {
  const run = aRun({ iteration: 1e300, startedAt: 'yesterday', custom: {} });
  const [row] = await parquetReadObjects({ file: await fileOf([run]) });
  assert.deepEqual([row?.['iteration'], row?.['startedAt']], [null, null]);
});
