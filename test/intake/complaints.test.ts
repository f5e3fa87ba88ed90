import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Complaints } from '../../src/intake/complaints.ts';

test('the first is told at once, further ones together and at most once a minute, the rest at the end', () => {
  const told: [number, string][] = [];
  let nowMs = 0;
  const complaints = new Complaints(
    () => nowMs,
    (count, last) => told.push([count, last]),
  );
  complaints.note('a');
  complaints.note('b');
  complaints.note('c');
  nowMs = 59_999;
  complaints.remind();
  assert.deepEqual(told.splice(0), [[1, 'a']]);
  nowMs = 60_000;
  complaints.remind();
  complaints.remind();
  assert.deepEqual(told.splice(0), [[2, 'c']]);
  complaints.note('d');
  complaints.flush();
  complaints.flush();
  assert.deepEqual(told, [[1, 'd']]);
});
