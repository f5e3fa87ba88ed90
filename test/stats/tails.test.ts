import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chiSquareTail } from '../../src/stats/chi-square-tail.ts';
import { logGamma } from '../../src/stats/log-gamma.ts';
import { normalTwoTailed } from '../../src/stats/normal-tail.ts';
import { studentTwoTailed } from '../../src/stats/student-tail.ts';

// All expected numbers: SciPy 1.17.1 (scipy.stats.chi2.sf, 2 * norm.sf, 2 * t.sf, scipy.special.gammaln).

function near(found: number, expected: number, tolerance: number): void {
  const error = Math.abs(found - expected) / Math.max(Math.abs(expected), Number.MIN_VALUE);
  assert.ok(found === expected || error < tolerance, `${found}, not ${expected}`);
}

test('the logarithm of the gamma function agrees with SciPy', () => {
  near(logGamma(0.1), 2.252712651734206, 1e-13);
  near(logGamma(0.5), 0.5723649429247, 1e-12);
  near(logGamma(3.3), 0.9870985778947343, 1e-13);
  near(logGamma(10.5), 13.940625219403763, 1e-13);
  near(logGamma(171.2), 707.60092684767, 1e-13);
  assert.ok(Math.abs(logGamma(1)) < 1e-14);
});

test('the tail of chi-square agrees with SciPy, near the middle and far out', () => {
  near(chiSquareTail(5.991464547, 2), 0.05000000000269956, 1e-11);
  near(chiSquareTail(0.5, 7), 0.9994464813904249, 1e-12);
  near(chiSquareTail(30, 3), 1.3800570312932553e-6, 1e-11);
  near(chiSquareTail(200, 10), 1.6139305336977317e-37, 1e-11);
  near(chiSquareTail(1e-3, 1), 0.9747728793699604, 1e-12);
  assert.equal(chiSquareTail(0, 3), 1);
  assert.equal(chiSquareTail(Number.POSITIVE_INFINITY, 3), 0);
});

test('the tails of the normal distribution agree with SciPy', () => {
  near(normalTwoTailed(0.1), 0.920344325445942, 1e-12);
  near(normalTwoTailed(1.959963985), 0.04999999994623688, 1e-11);
  near(normalTwoTailed(-3.5), 0.00046525815807105003, 1e-11);
  near(normalTwoTailed(8), 1.244192114854348e-15, 1e-11);
  near(normalTwoTailed(20), 5.507248237212311e-89, 1e-11);
  assert.equal(normalTwoTailed(0), 1);
});

test("the tails of Student's t agree with SciPy, with whole and other degrees of freedom", () => {
  near(studentTwoTailed(0.5, 1), 0.7048327646991335, 1e-11);
  near(studentTwoTailed(-2.228139, 10), 0.04999998745288254, 1e-11);
  near(studentTwoTailed(4, 2.5), 0.03901297584131825, 1e-11);
  near(studentTwoTailed(30, 5), 7.718648620496053e-7, 1e-11);
  near(studentTwoTailed(1.2, 200), 0.2315588690310659, 1e-11);
  assert.equal(studentTwoTailed(0, 4), 1);
  assert.equal(studentTwoTailed(Number.POSITIVE_INFINITY, 4), 0);
});
