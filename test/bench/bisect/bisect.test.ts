import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unchangedTable } from './tables.ts';

test('the table counts tries, and each row has a goal', () => {
  const { rows, columns } = unchangedTable(2, () => undefined);
  assert.equal(rows.length, 5);
  for (const { figures, goal } of rows) {
    assert.equal(figures.length, columns.length);
    assert.deepEqual([figures[0], goal?.met], [0, true]);
    assert.ok((figures[1] ?? 0) >= 12);
  }
});
