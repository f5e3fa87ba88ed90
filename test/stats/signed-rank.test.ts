import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pseudoMedian, signedRankP } from '../../src/stats/signed-rank.ts';

// Darwin's plants, as in SciPy's documentation of wilcoxon: statistic 24, p 0.041259765625
const DARWIN = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75];

test("Darwin's plants have the published p", () => {
  assert.equal(signedRankP(DARWIN), 0.041259765625);
  assert.equal(signedRankP(DARWIN.map(value => -value)), 0.041259765625);
});

test('few values have the p that can be counted by hand', () => {
  assert.equal(signedRankP([1, 2, 3, 4, 5, 6]), 2 / 64);
  assert.equal(signedRankP([1, 1, 1, 0]), 2 / 8);
  assert.equal(signedRankP([0, 0]), 1);
  assert.equal(signedRankP([]), 1);
});

test('many values are approximated near their exact p', () => {
  // Both sides of the limit of 60 values: a pattern whose p changes little with one value more
  const pattern = (count: number): number[] =>
    Array.from({ length: count }, (_, index) => (index % 3 === 0 ? -1 : 1) * (1 + ((index * 37) % 61)));
  assert.ok(Math.abs(signedRankP(pattern(60)) - signedRankP(pattern(61))) < 0.02);
  assert.ok(signedRankP(pattern(61)) < 0.05 && signedRankP(pattern(61)) > 0.001);
});

test('the pseudo-median is that of all pairs, with an interval where there are enough', () => {
  assert.deepEqual(pseudoMedian([1, 2, 6], 0.05), { shift: 2.75, interval: null });
  const six = pseudoMedian([1, 2, 3, 4, 5, 6], 0.05);
  assert.deepEqual(six, { shift: 3.5, interval: { low: 1, high: 6 } }); // exact level 1 - 2/64
  assert.equal(pseudoMedian([], 0.05), null);
});

test('the interval leaves out 0 where the test rejects', () => {
  const interval = pseudoMedian(DARWIN, 0.05)?.interval;
  assert.ok((interval?.low ?? -1) > 0 && (interval?.high ?? 0) > 30);
  const accepted = pseudoMedian(DARWIN, 0.04)?.interval;
  assert.ok((accepted?.low ?? 1) <= 0);
});
