import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LEVEL_CRITICAL, levelStatistic } from '../../src/stats/kpss.ts';
import { LH, NILE } from '../forecast/series.ts';

// R 4.2.2, by the formula in the source: e <- x - mean(x), S <- cumsum(e), lags trunc(4 (n/100)^0.25), Bartlett's weights
test('the statistics of the Nile and of lh are those that R computes', () => {
  assert.ok(Math.abs(levelStatistic(NILE) - 0.965434907753) < 1e-10, String(levelStatistic(NILE)));
  assert.ok(Math.abs(levelStatistic(LH) - 0.293815727283) < 1e-10, String(levelStatistic(LH)));
  assert.ok(levelStatistic(NILE) > LEVEL_CRITICAL && levelStatistic(LH) < LEVEL_CRITICAL);
});

test('values that are all alike stay at their level', () => {
  assert.equal(levelStatistic(new Float64Array(50).fill(3)), 0);
});
