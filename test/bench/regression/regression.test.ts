import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { histories, NOISES, slices, slowed } from './histories.ts';
import { RIVALS } from './rivals.ts';

const execute = promisify(execFile);
const SIZE = { reference: 6, recent: 3 };

test('histories are the same for the same seed, and have the sizes asked for', () => {
  const [noise] = NOISES;
  const all = histories(noise, SIZE, 4, 7);
  assert.deepEqual(
    all.map(({ reference, recent }) => [reference.length, recent.length]),
    all.map(() => [6, 3]),
  );
  assert.deepEqual(histories(noise, SIZE, 4, 7), all);
  assert.notDeepEqual(histories(noise, SIZE, 4, 8), all);
});

test('a series is cut into references and the runs right after them', () => {
  const series = Array.from({ length: 13 }, (_, index) => index + 1);
  const found = slices(series, SIZE, 4);
  assert.deepEqual(
    found.map(({ reference, recent }) => [reference[0], recent]),
    [
      [1, [7, 8, 9]],
      [5, [11, 12, 13]],
    ],
  );
  assert.deepEqual(slices(series.slice(0, 8), SIZE, 4), []);
});

test('whoever is measured sees a doubling, and nothing where nothing changed', () => {
  const reference = Array.from({ length: 20 }, (_, index) => 10 + ((index * 7) % 20) / 20);
  const recent = Array.from({ length: 10 }, (_, index) => 10 + ((index * 3) % 10) / 10);
  for (const { name, isAlarm } of RIVALS) {
    assert.ok(isAlarm(slowed({ reference, recent }, 100)), name);
    assert.ok(!isAlarm({ reference, recent }), name);
  }
});

test('the command prints its tables, and says what it leaves out', async () => {
  const bench = join(import.meta.dirname, '..', 'regression.ts');
  const { stdout } = await execute(process.execPath, [bench, '--quick', '--data', '']);
  assert.equal(stdout.match(/^## /gm)?.length, 7);
  assert.match(stdout, /^\| CV 3, 20 against 50 +\| +\d/m);
  assert.match(stdout, /^left out: there are no data sets in ''/m);
});
