import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gaussian, seededRandom } from '../../../src/stats/random.ts';
import { forecastTables } from './tables.ts';

test('the tables have a figure in each place, and noise is told better by its level than by its last value', () => {
  const random = seededRandom(1);
  const values = Array.from({ length: 90 }, () => 10 + gaussian(random));
  const series = { set: 'noise', name: 'noise', values, steps: 3, naturalPeriods: [] };
  const tables = forecastTables([series], () => undefined);
  assert.equal(tables.length, 3);
  for (const { title, columns, rows } of tables) {
    for (const { label, figures } of rows) {
      assert.equal(figures.length, columns.length, `${title}: ${label}`);
      assert.ok(figures.every(Number.isFinite), `${title}: ${label}: ${figures}`);
    }
  }
  const [naive, level] = ['naive', 'level'].map(name => tables[0]?.rows.find(({ label }) => label === name));
  assert.equal(naive?.figures[1], 1);
  assert.ok((level?.figures[1] ?? 9) < 1, String(level?.figures));
  const covered = tables[1]?.rows.at(-1);
  assert.equal(covered?.label, 'all');
  assert.equal(covered?.figures[2], 12);
});
