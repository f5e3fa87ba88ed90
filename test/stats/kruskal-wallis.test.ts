import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kruskalWallis } from '../../src/stats/kruskal-wallis.ts';

function near(found: number | undefined, expected: number): void {
  assert.ok(Math.abs((found ?? Number.NaN) - expected) < 1e-10, `${found}, not ${expected}`);
}

test('mucociliary efficiency of three groups, as in R', () => {
  // R's documentation of kruskal.test: Hollander and Wolfe (1973), 116; H = 0.77143, p = 0.68
  const found = kruskalWallis([
    [2.9, 3.0, 2.5, 2.6, 3.2],
    [3.8, 2.7, 4.0, 2.4],
    [2.8, 3.4, 3.7, 2.2, 2.0],
  ]);
  near(found?.h, 0.7714285714285722);
  near(found?.p, 0.6799647735788936);
  assert.equal(found?.freedom, 2);
});

test("the examples of SciPy's documentation, the second with ties", () => {
  const two = kruskalWallis([
    [1, 3, 5, 7, 9],
    [2, 4, 6, 8, 10],
  ]);
  near(two?.h, 0.2727272727272734);
  near(two?.p, 0.6015081344405895);
  const tied = kruskalWallis([
    [1, 1, 1],
    [2, 2, 2],
    [2, 2],
  ]);
  near(tied?.h, 7);
  near(tied?.p, 0.0301973834223185);
});

test('equal values do not differ, empty groups are passed over, one group cannot be tested', () => {
  assert.equal(kruskalWallis([[4, 4], [4], []])?.p, 1);
  assert.equal(kruskalWallis([[4, 4], [4], []])?.freedom, 1);
  assert.equal(kruskalWallis([[4, 5], []]), null);
});
