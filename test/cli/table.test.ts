import assert from 'node:assert/strict';
import { test } from 'node:test';
import { table, widthOf } from '../../src/cli/table.ts';

test('a table has its words flush left and its figures flush right, and no space at the end of a line', () => {
  assert.deepEqual(
    table([
      ['module', 'ok'],
      ['a', '10'],
      ['collector', ''],
    ]),
    ['module     ok', 'a          10', 'collector'],
  );
  assert.deepEqual(table([]), []);
});

test('what a terminal has no room for stands below its row, further in, in columns of its own', () => {
  const rows = [
    ['module', 'change', 'runs', 'against'],
    ['a', '+1.0 %', '10', 'the 10 before'],
    ['collector', '-', '5', ''],
  ];
  assert.deepEqual(table(rows, 1, 30), [
    'module     change  runs\n          against',
    'a          +1.0 %    10\n    the 10 before',
    'collector       -     5',
  ]);
  assert.deepEqual(table(rows, 1, 38), table(rows), 'all of it fits');
  assert.notDeepEqual(table(rows, 1, 37), table(rows));
});

test('a cell that is wider than the terminal stands alone', () => {
  assert.deepEqual(table([['a long name', '1', '2']], 1, 6), ['a long name\n    1\n    2']);
});

test('a terminal has a width, a file or a pipe takes any', () => {
  const write = (): void => undefined;
  assert.equal(widthOf({ write, isTTY: true, columns: 80 }), 80);
  assert.equal(widthOf({ write, isTTY: true, columns: 0 }), Infinity);
  assert.equal(widthOf({ write, isTTY: false, columns: 80 }), Infinity);
  assert.equal(widthOf({ write }), Infinity);
});
