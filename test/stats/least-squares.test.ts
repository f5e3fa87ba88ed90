import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leastSquares } from '../../src/stats/least-squares.ts';

function assertNear(actual: number | undefined, expected: number, tolerance: number): void {
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) <= tolerance, `${actual}, not ${expected}`);
}

test('it finds a root', () => {
  const { parameters, squares } = leastSquares(
    ([x = 0], into) => {
      into[0] = x * x - 2;
    },
    [1],
    1,
  );
  assertNear(parameters[0], Math.SQRT2, 1e-8);
  assertNear(squares, 0, 1e-14);
});

// Rosenbrock, "An automatic method for finding the greatest or least value of a function", Computer Journal 3 (1960): minimum at (1, 1)
test("it follows Rosenbrock's valley to its end", () => {
  const { parameters } = leastSquares(
    ([x = 0, y = 0], into) => {
      into[0] = 10 * (y - x * x);
      into[1] = 1 - x;
    },
    [-1.2, 1],
    2,
    200,
  );
  assertNear(parameters[0], 1, 1e-5);
  assertNear(parameters[1], 1, 1e-5);
});

// NIST StRD, Misra1a (nonlinear regression, lower difficulty): y = b1 (1 - exp(-b2 x)); certified b1 238.94212918, b2 5.5015643181E-04,
// residual sum of squares 1.2455138894E-01; start 1
test('it gives the certified numbers of Misra1a', () => {
  const x = [77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0];
  const y = [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.4, 75.47, 81.78];
  const { parameters, squares } = leastSquares(
    ([b1 = 0, b2 = 0], into) => {
      for (const [at, value] of x.entries())
        into[at] = (y[at] as number) - b1 * (1 - Math.exp((-b2 / 10_000) * value));
    },
    [500, 1],
    14,
    200,
  );
  assertNear(parameters[0], 238.94212918, 1e-3);
  assertNear(parameters[1], 5.5015643181, 1e-4);
  assertNear(squares, 0.12455138894, 1e-8);
});

test('residuals that are not finite are walked around, and without parameters nothing is done', () => {
  const { parameters } = leastSquares(
    ([x = 0], into) => {
      into[0] = x <= 0 ? Number.NaN : Math.log(x) - 1;
    },
    [0.2],
    1,
  );
  assertNear(parameters[0], Math.E, 1e-6);
  const none = leastSquares((_, into) => into.fill(2), [], 3);
  assert.deepEqual([none.parameters.length, none.squares], [0, 12]);
});
