import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanScore, tcpdScore } from './tcpd.ts';

const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

test('a series without changes that is left alone scores 1 in both', () => {
  assert.deepEqual(tcpdScore([[], []], [], 50), { f1: 1, covering: 1, precision: 1, recall: 1 });
});

test('predicting nothing keeps the point at index 0', () => {
  const { f1, covering, precision, recall } = tcpdScore([[10]], [], 40);
  near(precision, 1);
  near(recall, 1 / 2);
  near(f1, 2 / 3);
  near(covering, (10 * (10 / 40) + 30 * (30 / 40)) / 40);
});

test('two people and one prediction, by hand', () => {
  const { f1, covering, precision, recall } = tcpdScore([[10], [10, 30]], [12], 40);
  near(precision, 1); // 0 and 12 both match a point of 0, 10, 30
  near(recall, (2 / 2 + 2 / 3) / 2);
  near(f1, 10 / 11);
  const first = (10 * (10 / 12) + 30 * (28 / 30)) / 40;
  const second = (10 * (10 / 12) + 20 * (18 / 30) + 10 * (10 / 28)) / 40;
  near(covering, (first + second) / 2);
});

test('a point is matched once, and a prediction that matches nobody costs precision', () => {
  near(tcpdScore([[11]], [10, 12], 40).precision, 2 / 3);
  near(tcpdScore([[11]], [10, 30], 40).f1, (2 * (2 / 3)) / (2 / 3 + 1));
});

test('five places apart still match, six do not', () => {
  near(tcpdScore([[20]], [25], 40).f1, 1);
  near(tcpdScore([[20]], [26], 40).f1, 1 / 2);
});

test('order, repetition and index 0 in the lists change nothing', () => {
  assert.deepEqual(tcpdScore([[30, 10, 0]], [30, 0, 10, 10], 40), tcpdScore([[10, 30]], [10, 30], 40));
});

test('several series count alike', () => {
  const mean = meanScore([tcpdScore([[]], [], 10), tcpdScore([[20]], [26], 40)]);
  near(mean.f1, (1 + 1 / 2) / 2);
});
