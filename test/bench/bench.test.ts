import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { failOnLeaks } from '../helpers/leaks.ts';
import { PARTS } from './parts.ts';
import { formatTable } from './table.ts';

failOnLeaks();

const execute = promisify(execFile);
const skip = process.platform === 'linux' ? false : 'the benchmark measures through /proc';

describe('each part of the benchmark gives tables with figures, and leaves nothing behind', { skip }, () => {
  for (const part of PARTS) {
    test(part.name, async () => {
      const tables = await part.measure({ quick: true, progress: () => undefined });
      assert.ok(tables.length > 0);
      for (const { title, columns, rows } of tables) {
        assert.ok(rows.length > 0, title);
        for (const { label, figures } of rows) {
          assert.equal(figures.length, columns.length, label);
          assert.ok(
            figures.some(figure => figure !== null),
            label,
          );
          assert.ok(
            figures.every(figure => figure === null || Number.isFinite(figure)),
            `${label}: ${figures}`,
          );
        }
      }
      assert.deepEqual(leftovers(), []);
    });
  }
});

test('a missed goal is shown, and is no failure', () => {
  const rows = [{ label: 'slow', figures: [12.345, null], goal: { text: 'at most 10 ms', met: false } }];
  const columns = ['ms', 'ratio'].map(name => ({ name, decimals: 1 }));
  assert.deepEqual(formatTable({ title: 'Speed', subject: 'what', columns, rows, notes: ['a note'] }), [
    ...['## Speed', ''],
    '| what |   ms | ratio | goal          | result |',
    '| ---- | ---: | ----: | ------------- | ------ |',
    '| slow | 12.3 |       | at most 10 ms | MISSED |',
    ...['', '- a note'],
  ]);
});

test('the command prints the tables that were asked for, and how noisy the machine was', {
  skip,
}, async () => {
  const bench = join(import.meta.dirname, 'bench.ts');
  const { stdout } = await execute(process.execPath, [bench, '--quick', '--only', 'start-up']);
  assert.match(stdout, /^\| watchkeeper status +\| +\d/m);
  assert.match(stdout, /noise before: load .*noise after: load /s);
  assert.equal(stdout.match(/^## /gm)?.length, 1);
});

function leftovers(): string[] {
  return readdirSync(tmpdir()).filter(name => name.startsWith(`watchkeeper-bench-${process.pid}-`));
}
