import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NabSeries, nabScore, nabScoreAt } from './nab.ts';

/** 1,000 points, judged from 150 on, with one window of 100 points. */
function series(detected: Record<number, number>, windows: NabSeries['windows'] = [[400, 499]]): NabSeries {
  return { scores: Array.from({ length: 1000 }, (_, index) => detected[index] ?? 0), windows };
}

/** 2 / (1 + e^(5 y)) - 1, as published. */
const sigmoid = (position: number): number => 2 / (1 + Math.exp(5 * position)) - 1;

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual}, not ${expected}`);
}

test('nothing detected is 0, each window at its first point and nothing else is 100', () => {
  near(nabScoreAt([series({})], 0.5), 0);
  near(nabScoreAt([series({ 400: 1 }), series({})], 0.5), 50);
  near(nabScoreAt([series({ 400: 1 }), series({ 400: 1 })], 0.5), 100);
});

test('a later detection is worth less, by the published sigmoid', () => {
  near(sigmoid(-1), 0.986614298);
  near(sigmoid(-0.5), 0.84828364);
  near(nabScoreAt([series({ 450: 1 })], 0.5), 50 * (1 + sigmoid(-0.5) / sigmoid(-1)));
  near(nabScoreAt([series({ 499: 1 })], 0.5), 50 * (1 + sigmoid(-0.01) / sigmoid(-1)));
});

test('only the first detection in a window counts', () => {
  near(nabScoreAt([series({ 400: 1, 420: 1, 480: 1 })], 0.5), 100);
});

test('each false detection costs 0.11, less just behind a window', () => {
  near(nabScoreAt([series({ 400: 1, 300: 1, 301: 1 })], 0.5), 100 - 50 * 0.22);
  near(nabScoreAt([series({ 400: 1, 500: 1 })], 0.5), 100 + 50 * 0.11 * sigmoid(1 / 99));
  near(nabScoreAt([series({ 400: 1, 900: 1 })], 0.5), 100 - 50 * 0.11);
});

test('the first 15 percent, at most 750 points, count for nothing', () => {
  near(nabScoreAt([series({ 149: 1, 400: 1 })], 0.5), 100);
  near(nabScoreAt([series({ 150: 1, 400: 1 })], 0.5), 100 - 50 * 0.11);
  const long = (detected: number): NabSeries => ({
    scores: Array.from({ length: 10_000 }, (_, index) => (index === detected || index === 5000 ? 1 : 0)),
    windows: [[5000, 5099]],
  });
  near(nabScoreAt([long(749)], 0.5), 100);
  near(nabScoreAt([long(750)], 0.5), 100 - 50 * 0.11);
});

test('the threshold is the best one for all series together', () => {
  const worse = series({ 400: 0.9, 200: 0.8, 201: 0.8, 202: 0.8 });
  const better = series({ 400: 0.4 });
  const { score, threshold } = nabScore([worse, better]);
  assert.equal(threshold, 0.4);
  near(score, 100 - 25 * 0.33);
  near(nabScoreAt([worse, better], threshold), score);
});

test('points of one score are detected together, and null never is', () => {
  const tied = series({ 400: 0.5, 200: 0.5 });
  near(nabScore([tied]).score, 100 - 50 * 0.11);
  assert.equal(nabScore([{ scores: [null, null, null], windows: [[1, 2]] }]).score, 0);
});
