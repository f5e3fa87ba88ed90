import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extentOption } from '../../src/cli/extent-option.ts';
import { numberOption } from '../../src/cli/number-option.ts';
import { optional } from '../../src/cli/optional.ts';

test('an option is read where it was given', () => {
  assert.deepEqual([optional(undefined, Number), optional('5', Number)], [undefined, 5]);
});

test('an extent is so many runs, or a time', () => {
  for (const text of ['20', '20 runs', '20runs', ' 20 run '])
    assert.deepEqual(extentOption('--recent', text), { runs: 20 }, text);
  assert.deepEqual(extentOption('--recent', '1h30m'), { ms: 5_400_000 });
  for (const text of ['', '0', '0 runs', '0s', '-1', '1.5 runs', 'runs', '1e3', '9'.repeat(30)])
    assert.throws(() => extentOption('--recent', text), /^WatchkeeperError: --recent takes /, text);
});

test('a number is any finite one', () => {
  assert.deepEqual(
    ['0', '-1.5', '1e3', ' 7 '].map(text => numberOption('--x', text)),
    [0, -1.5, 1000, 7],
  );
  for (const text of ['', ' ', 'x', 'NaN', 'Infinity', '1e999', '1_0', '1,5'])
    assert.throws(() => numberOption('--x', text), /^WatchkeeperError: --x takes a number, not '/, text);
});
