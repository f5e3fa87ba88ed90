import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ForecastStep } from '../../src/forecast/answer.ts';
import { crossingOf } from '../../src/forecast/crossing.ts';

function steps(count: number, slope: number): ForecastStep[] {
  return Array.from({ length: count }, (_, at) => {
    const value = 50 + slope * (at + 1);
    return { value, low: value - 10, high: value + 10 };
  });
}

test('from below: the upper bound is there first, then the forecast, then the lower bound', () => {
  assert.deepEqual(crossingOf(steps(20, 5), 50, 100, null), {
    ...{ already: false, direction: 'rises' },
    ...{ earliest: 8, expected: 10, latest: 12 },
  });
});

test('from above it is the other way round', () => {
  assert.deepEqual(crossingOf(steps(20, -5), 50, 0, null), {
    ...{ already: false, direction: 'falls' },
    ...{ earliest: 8, expected: 10, latest: 12 },
  });
});

test('what is not reached within the forecast is null', () => {
  const { earliest, expected, latest } = crossingOf(steps(9, 5), 50, 100, null);
  assert.deepEqual([earliest, expected, latest], [8, null, null]);
});

test('a last value that is there, or beyond it where a direction is given, is there already', () => {
  assert.equal(crossingOf(steps(3, 5), 50, 50, null).already, true);
  assert.equal(crossingOf(steps(3, 5), 50, 40, 'rises').already, true);
  assert.equal(crossingOf(steps(3, 5), 50, 40, null).already, false);
  assert.equal(crossingOf(steps(3, 5), 50, 60, 'falls').already, true);
});

test('without an interval there is only the forecast', () => {
  const bare = steps(20, 5).map(({ value }) => ({ value, low: null, high: null }));
  const { earliest, expected, latest } = crossingOf(bare, 50, 100, null);
  assert.deepEqual([earliest, expected, latest], [null, 10, null]);
});
