import assert from 'node:assert/strict';
import { test } from 'node:test';
import Papa from 'papaparse';
import type { Run } from '../../src/glossary/run.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { fc } from '../helpers/properties.ts';
import { aRun } from '../store/fixtures.ts';
import { RUN, rendered, sourceOf } from './source.ts';

failOnLeaks();

/** They are always there, in this order; further ones may stand between them. */
const COLUMNS = [
  ...[
    'id',
    'module',
    'iteration',
    'trigger',
    'attempt',
    'startedAt',
    'endedAt',
    'outcome',
    'exitCode',
    'signal',
  ],
  ...['runtimeSeconds', 'cpuSeconds', 'cpuPercent', 'memoryMb', 'apiLatencySeconds'],
  ...['api.count', 'api.errors', 'api.p95', 'api.max', 'revision', 'reason'],
];

const csvOf = async (...runs: Run[]): Promise<string> => String(await rendered('csv', sourceOf(runs)));

/** The cells by their heading, as another reader of CSV sees them. */
function parsed(text: string): Record<string, string>[] {
  const { data, errors } = Papa.parse<Record<string, string>>(text, {
    header: true,
    skipEmptyLines: 'greedy',
  });
  assert.deepEqual(errors, []);
  return data;
}

test('a heading that is always the same, then custom metrics by name; lines end in CR LF', async () => {
  const run = aRun({ id: 'A', custom: { z: 1, 'a.b': -2 }, startedAt: '2026-11-20T12:00:00.010Z' });
  const [heading, line, ...rest] = (await csvOf(run, aRun({ id: 'B', custom: {} }))).split('\r\n');
  const columns = heading?.split(',') ?? [];
  assert.deepEqual(
    columns.filter(name => [...COLUMNS, 'custom.a.b', 'custom.z'].includes(name)),
    [...COLUMNS, 'custom.a.b', 'custom.z'],
  );
  assert.match(line ?? '', /^A,collector,1,schedule,1,2026-11-20T12:00:00\.010Z,.*,9fceb02,,-2,1$/);
  assert.match(rest[0] ?? '', /^B,.*,9fceb02,,,$/);
  assert.equal(rest.at(-1), '');
});

test('without runs the heading is there alone', async () => {
  assert.match(await csvOf(), /^id,module,[^\n]*,revision,reason\r\n$/);
});

test('a text that a spreadsheet would take for a formula is marked as text; a negative number is none', async () => {
  for (const reason of ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx']) {
    const [row] = parsed(await csvOf(aRun({ reason, custom: { change: -5 } })));
    assert.equal(row?.['reason'], `'${reason}`);
    assert.equal(row?.['custom.change'], '-5');
  }
});

test('an empty text is told from none', async () => {
  assert.match(await csvOf(aRun({ reason: '', custom: {} })), /,""\r\n$/);
});

test('every value is found again in its column, whatever the texts', async () => {
  const isFormula = (text: string): boolean => /^[=+\-@\t\r]/.test(text);
  const textOf = (value: unknown): string => {
    if (value === null || value === undefined) return '';
    return typeof value === 'string' && isFormula(value) ? `'${value}` : String(value);
  };
  await fc.assert(
    fc.asyncProperty(fc.array(RUN, { minLength: 1, maxLength: 5 }), async runs => {
      const rows = parsed(await csvOf(...runs));
      assert.equal(rows.length, runs.length);
      runs.forEach(({ api, custom, ...fields }, index) => {
        const row = rows[index] ?? {};
        for (const [key, value] of Object.entries(fields))
          if (COLUMNS.includes(key)) assert.equal(row[key], textOf(value), key);
        for (const key of ['count', 'errors', 'p95', 'max'] as const)
          assert.equal(row[`api.${key}`], textOf(api?.[key]));
        for (const [key, value] of Object.entries(custom)) assert.equal(row[`custom.${key}`], String(value));
      });
    }),
    { numRuns: 100 },
  );
});

test('a metric whose name changes with each run makes no table', async () => {
  const runs = Array.from({ length: 1_001 }, (_, index) => aRun({ custom: { [`order${index}`]: 1 } }));
  await assert.rejects(
    csvOf(...runs),
    /1001 custom metrics \(order0, order1, order10, \.\.\.\).*the format jsonl/,
  );
});
