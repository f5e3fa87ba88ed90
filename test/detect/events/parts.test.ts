import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rarity } from '../../../src/detect/events/rarity.ts';
import { LINEAR, LOGARITHMIC } from '../../../src/detect/events/scale.ts';
import { Segment } from '../../../src/detect/events/segment.ts';
import { findShift } from '../../../src/detect/events/shift.ts';
import { judgeValue } from '../../../src/detect/events/spike.ts';
import { gaussian, seededRandom } from '../../../src/stats/random.ts';

function segmentOf(values: readonly number[]): Segment {
  const segment = new Segment();
  segment.reset(values, null, 0.002);
  return segment;
}

function noise(seed: number, count: number, level: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => level + 0.1 * gaussian(random));
}

test('the first spikes are rare; those that come again and again are not', () => {
  const rarity = new Rarity();
  const told = Array.from({ length: 40 }, (_, index) => rarity.isRare(1, 10 * (index + 1)));
  assert.equal(told[0], true);
  assert.ok(told.filter(Boolean).length <= 3);
  assert.equal(told.at(-1), false);
});

test('spikes to the other side, and much larger ones, are rare beside many', () => {
  const rarity = new Rarity();
  for (let position = 100; position < 500; position += 10) rarity.isRare(1, position);
  assert.equal(rarity.isRare(-1, 501), true);
  assert.equal(rarity.isRare(3, 502), true);
  assert.equal(rarity.isRare(1.5, 503), false);
});

test('a spike is rare again when those like it are long ago', () => {
  const rarity = new Rarity();
  for (let position = 100; position < 200; position += 5) rarity.isRare(1, position);
  assert.equal(rarity.isRare(1, 200), false);
  assert.equal(rarity.isRare(1, 601), true);
});

test('a scale goes there and back, and says changes in percent', () => {
  for (const value of [5e-324, 1e-9, 0.43, 1e150]) {
    assert.ok(Math.abs(LOGARITHMIC.from(LOGARITHMIC.to(value)) / value - 1) < 1e-12);
  }
  assert.equal(Math.round(LOGARITHMIC.percent(0, Math.log(1.1)) ?? 0), 10);
  assert.equal(LINEAR.percent(-4, -5), -25);
});

test('a percentage that no number holds is null, and no level is infinite', () => {
  assert.equal(LINEAR.percent(0, 5), null);
  assert.equal(LINEAR.percent(1e-300, 1e100), null);
  assert.equal(LOGARITHMIC.percent(-700, 700), null);
  assert.equal(LOGARITHMIC.from(1000), Number.MAX_VALUE);
});

test('of two equal tails the shift begins with the first value of the new level', () => {
  for (const count of [4, 6, 10]) {
    const found = findShift(segmentOf([...noise(1, 60, 1), ...noise(2, count, 1.5)]), 0.03);
    assert.equal(found?.count, count);
    assert.ok(found.strength > 1);
  }
});

test('one far outlier is no level', () => {
  const values = [...noise(1, 60, 1), 9, ...noise(3, 4, 1)];
  assert.ok((findShift(segmentOf(values), 0.03)?.strength ?? 0) <= 1);
  const zeros = [...Array(60).fill(0), 5, 0, 0, 0];
  assert.ok((findShift(segmentOf(zeros), 0.03)?.strength ?? 0) <= 1);
});

test('changes that are of no interest, and few values, are no shift', () => {
  assert.equal(findShift(segmentOf([...Array(50).fill(1), ...Array(10).fill(1.02)]), 0.03), null);
  assert.equal(findShift(segmentOf([1, 1, 1, 1, 1, 9]), 0.03), null);
});

test('where far values are usual, one has to be further out to be a spike', () => {
  const random = seededRandom(9);
  const normal = new Segment();
  const heavy = new Segment();
  normal.reset(
    Array.from({ length: 200 }, () => 0.1 * gaussian(random)),
    null,
    0.002,
  );
  heavy.reset(
    Array.from({ length: 200 }, () => (0.1 * Math.log(random() / random())) / Math.SQRT2),
    null,
    0.002,
  );
  const strengthAt = (segment: Segment, deviations: number): number =>
    judgeValue(segment, deviations * segment.level(200).deviation, 0.15).strength;
  assert.ok(strengthAt(normal, 4.5) > 1);
  assert.ok(strengthAt(heavy, 4.5) < 1);
  assert.ok(strengthAt(heavy, 7.5) > 1);
});

test('a value far out is a spike, of which the segment learns what is usual', () => {
  const segment = segmentOf(noise(1, 60, 1));
  const { deviation } = segment.level(60);
  const spike = judgeValue(segment, 3, 0.15);
  assert.ok(spike.isSpike && spike.strength > 1.5);
  assert.ok(Math.abs(spike.learned - segment.meanOf(0, 60) - 3 * deviation) < 1e-9);
  const [low, high] = spike.expected;
  assert.ok(low < 0.7 && high > 1.3 && high < 1.6);
});

test('within the range of prediction it is none, whatever has been seen', () => {
  const segment = segmentOf(noise(1, 60, 1));
  for (const value of [0.75, 1, 1.25]) {
    const { isSpike, learned } = judgeValue(segment, value, 0.15);
    assert.deepEqual([isSpike, learned], [false, value]);
  }
});
