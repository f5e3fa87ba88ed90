import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Unit } from '../../src/report/quantity.ts';
import { valueAxis } from '../../src/report/value-axis.ts';

function texts(low: number, high: number, unit: Unit): string[] {
  return valueAxis(low, high, unit).ticks.map(({ text }) => text);
}

test('ticks are round in the unit in which they are written', () => {
  assert.deepEqual(texts(0.31, 0.48, 'seconds'), ['0.30 s', '0.35 s', '0.40 s', '0.45 s', '0.50 s']);
  assert.deepEqual(texts(0.02, 0.091, 'seconds'), ['0 ms', '25 ms', '50 ms', '75 ms', '100 ms']);
  assert.deepEqual(texts(170, 190, 'seconds'), ['2.8 min', '2.9 min', '3.0 min', '3.1 min', '3.2 min']);
  assert.deepEqual(texts(900, 2100, 'megabytes'), ['0 GB', '1 GB', '2 GB', '3 GB']);
  assert.deepEqual(texts(0, 97, 'percent'), ['0 %', '25 %', '50 %', '75 %', '100 %']);
  assert.deepEqual(texts(900, 1539, 'plain'), ['800', '1,000', '1,200', '1,400', '1,600']);
  assert.deepEqual(texts(-12, 7, 'plain'), ['−15', '−10', '−5', '0', '5', '10']);
});

test('very large and very small numbers have a power of ten', () => {
  assert.deepEqual(texts(1e-9, 3e-9, 'plain'), ['0', '1e-9', '2e-9', '3e-9']);
  assert.deepEqual(texts(1e20, 3e20, 'plain').at(-1), '3e+8 T');
});

test('an axis starts at 0 where that is not far below', () => {
  assert.equal(valueAxis(3, 10, 'plain').low, 0);
  assert.equal(valueAxis(8, 10, 'plain').low, 8);
});

test('a single value has room around it, and never below 0', () => {
  const { low, high } = valueAxis(0.4, 0.4, 'seconds');
  assert.ok(low < 0.4 && high > 0.4);
  assert.deepEqual(texts(0, 0, 'plain'), ['0.00', '0.25', '0.50', '0.75', '1.00']);
  assert.equal(valueAxis(0, 0, 'plain').low, 0);
});

test('every axis holds its range, begins and ends with a tick, and has few of them', () => {
  for (const unit of ['seconds', 'latency', 'percent', 'megabytes', 'bytes', 'plain'] as const) {
    for (let power = -9; power < 16; power += 1) {
      for (const [from, to] of [
        [1, 1.01],
        [1, 9.7],
        [-3, 4.1],
        [-5, -5],
        [0, 1],
      ] as const) {
        const [low, high] = [from * 10 ** power, to * 10 ** power];
        const axis = valueAxis(low, high, unit);
        const slack = Math.abs(high) * 1e-9;
        assert.ok(
          axis.low <= low + slack && axis.high >= high - slack && axis.low < axis.high,
          `${low} to ${high} ${unit}`,
        );
        assert.ok(
          axis.ticks.length >= 3 && axis.ticks.length <= 7,
          `${axis.ticks.length} ticks: ${low} to ${high} ${unit}`,
        );
        assert.equal(
          new Set(axis.ticks.map(({ text }) => text)).size,
          axis.ticks.length,
          `${low} to ${high} ${unit}`,
        );
        assert.ok(Math.abs((axis.ticks[0]?.value ?? Number.NaN) - axis.low) <= slack);
      }
    }
  }
});
