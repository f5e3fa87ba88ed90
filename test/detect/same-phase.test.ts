import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginSamePhase } from '../../src/detect/same-phase.ts';

const HOUR = 3_600_000;
/** Busy by day, quiet by night. */
const day = (index: number): number => (index % 24 >= 8 && index % 24 < 18 ? 100 : 10);

test('the day is found in the times, and an ordinary value at an unusual time is far from those of other days', () => {
  const samePhase = beginSamePhase(null);
  const distances = Array.from({ length: 240 }, (_, index) => {
    return samePhase.next(index === 206 ? 10 : day(index), index * HOUR)?.[0] ?? null; // 14 o'clock
  });
  assert.equal(distances[11], null);
  assert.equal(distances[30], Number.POSITIVE_INFINITY);
  assert.ok((distances[200] ?? 1) < 1e-9);
  assert.ok((distances[206] ?? 0) > 20);
});

test('a given period needs no times', () => {
  const samePhase = beginSamePhase(24);
  const distances = Array.from({ length: 120 }, (_, index) => samePhase.next(day(index), null)?.[1]);
  assert.ok((distances[100] ?? 1) < 1e-9);
  assert.ok((samePhase.next(100, null)?.[0] ?? 0) > 20); // midnight
});

test('without a period and without times it has no opinion, nor where an observation is a day', () => {
  const without = beginSamePhase(null);
  const daily = beginSamePhase(null);
  for (let index = 0; index < 200; index++) {
    assert.equal(without.next(index % 7, null), null);
    assert.equal(daily.next(index % 7, index * 24 * HOUR), null);
  }
});

test('times that stand still or go back are no reason to fail', () => {
  const samePhase = beginSamePhase(null);
  for (let index = 0; index < 100; index++) assert.equal(samePhase.next(index, 5), null);
});
