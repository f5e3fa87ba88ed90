import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Past } from '../../../src/detect/events/past.ts';

const daily = (index: number): number => Math.sin((2 * Math.PI * index) / 24);

function lived(period: number | null, count: number, of: (position: number) => number | null): Past {
  const past = new Past(period);
  for (let position = 0; position < count; position += 1) {
    const value = of(position);
    if (value === null) continue;
    past.add(position, value);
    past.look(position);
  }
  return past;
}

function furthestOff(past: Past, from: number): number {
  const errors = Array.from({ length: 48 }, (_, index) => past.seasonal(from + index) - daily(from + index));
  return Math.max(...errors.map(Math.abs));
}

test('it finds the season of its values, and keeps its phase when the oldest values are cut off', () => {
  for (const count of [200, 799, 800, 801, 1205, 3001]) {
    const past = lived(null, count, position => 5 + daily(position));
    assert.equal(past.season?.period, 24, `${count}`);
    assert.ok(furthestOff(past, count) < 0.05, `${count}: ${furthestOff(past, count)}`);
  }
});

test('gaps do not shift the phase: neither single ones nor long ones', () => {
  const single = lived(null, 1500, position => (position % 7 === 3 ? null : 5 + daily(position)));
  assert.equal(single.season?.period, 24);
  assert.ok(furthestOff(single, 1500) < 0.05, `${furthestOff(single, 1500)}`);
  const long = lived(24, 700, position => (position > 300 && position < 347 ? null : 5 + daily(position)));
  assert.ok(furthestOff(long, 700) < 0.05, `${furthestOff(long, 700)}`);
});

test('values with a very long way between them cost no more than others', () => {
  const past = new Past(null);
  for (let each = 0; each < 1000; each += 1) {
    past.add(each * 1_000_000, each % 3);
    past.look(each * 1_000_000);
  }
  assert.equal(past.segment().length, 400);
});

test('levels that are known do not hide the season', () => {
  const past = new Past(24);
  for (let position = 0; position < 300; position += 1) {
    past.add(position, (position < 150 ? 0 : 9) + daily(position));
    if (position === 152) assert.equal(past.shift(3), 150);
    past.look(position);
  }
  assert.ok(furthestOff(past, 300) < 0.1, `${furthestOff(past, 300)}`);
  assert.ok(past.segment().every(value => Math.abs(value - 9) < 0.1));
});

test('boundaries that were only the season are taken back', () => {
  const past = new Past(null);
  for (let position = 0; position < 200; position += 1) {
    past.add(position, daily(position));
    if (position % 12 === 2 && position < 60) past.shift(3);
    past.look(position);
  }
  assert.equal(past.season?.period, 24);
  assert.ok(past.segment().length > 180);
});

test('a segment is what has come since the shift, the newest 400 at most', () => {
  const past = new Past(null);
  for (let position = 0; position < 50; position += 1) past.add(position, position);
  past.shift(2);
  assert.deepEqual(past.segment(), [48, 49]);
  for (let position = 50; position < 5000; position += 1) {
    past.add(position, position);
    if (position % 10 === 0) past.shift(1);
  }
  assert.deepEqual(past.segment().length, 10);
});

test('a change of scale changes what is kept, and forgets the season', () => {
  const past = lived(null, 200, position => daily(position));
  past.rescale(Math.exp);
  assert.equal(past.season, null);
  assert.ok(past.segment().every(value => value > 0));
});
