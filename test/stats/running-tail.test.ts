import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/stats/random.ts';
import { beginRunningTail } from '../../src/stats/running-tail.ts';

function learned(sizes: Iterable<number>, memory = 5000): ReturnType<typeof beginRunningTail> {
  const tail = beginRunningTail(memory);
  for (const size of sizes) tail.learn(size);
  return tail;
}

function exponential(count: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => -Math.log(1 - random()));
}

test('nothing is surprising until ten sizes are known', () => {
  assert.equal(learned([1, 1, 1, 1, 1, 1, 1, 1, 1]).surprise(1e9), 0);
  assert.ok(learned([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]).surprise(1e9) > 0);
});

test('within the body the surprise is that of the rank', () => {
  const tail = learned(Array.from({ length: 99 }, (_, index) => index + 1));
  assert.ok(Math.abs(tail.surprise(99) - Math.log(100 / 3)) < 0.5);
  assert.ok(Math.abs(tail.surprise(80) - Math.log(100 / 22)) < 0.15);
});

test('beyond the body it goes on as an exponential would', () => {
  const tail = learned(exponential(5000, 1));
  for (const size of [4, 6, 8, 10]) {
    assert.ok(Math.abs(tail.surprise(size) / size - 1) < 0.25, `${size}: ${tail.surprise(size)}`);
  }
});

test('the unit does not matter', () => {
  const sizes = exponential(1000, 2);
  const small = learned(sizes.map(size => size * 2 ** -20));
  const large = learned(sizes.map(size => size * 2 ** 20));
  assert.ok(Math.abs(small.surprise(9 * 2 ** -20) - large.surprise(9 * 2 ** 20)) < 1e-9);
});

test('one outlier hardly changes what comes after it', () => {
  const tail = learned(exponential(5000, 3));
  const before = tail.surprise(12);
  tail.learn(1e6);
  assert.ok(Math.abs(tail.surprise(12) / before - 1) < 0.15);
});

test('what lies longer ago than its memory is forgotten', () => {
  const tail = learned([...Array.from({ length: 100 }, () => 1000), ...exponential(500, 4)], 500);
  const fresh = learned(exponential(500, 4), 500);
  assert.equal(tail.surprise(12), fresh.surprise(12));
  assert.equal(tail.exceededBy(0.02), fresh.exceededBy(0.02));
});

test('zeros only make every size above them as surprising as can be, and zero is never surprising', () => {
  const tail = learned(Array.from({ length: 200 }, () => 0));
  assert.equal(tail.surprise(0), 0);
  assert.ok(Math.abs(tail.surprise(1e-12) - 2 * Math.log(201)) < 1e-9);
});

test('the share of sizes beyond a quantile is the one asked for', () => {
  const sizes = exponential(5000, 6);
  const edge = learned(sizes).exceededBy(0.05);
  const share = sizes.filter(size => size > edge).length / sizes.length;
  assert.ok(Math.abs(share - 0.05) < 0.005, `${share}`);
  assert.equal(learned([]).exceededBy(0.05), 0);
});
