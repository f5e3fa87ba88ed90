import assert from 'node:assert/strict';
import { test } from 'node:test';
import { averagePathLength } from '../../../src/detect/forest/path-length.ts';

test('the average path length is that of the paper and of scikit-learn', () => {
  const euler = 0.5772156649015329;
  assert.equal(averagePathLength(0), 0);
  assert.equal(averagePathLength(1), 0);
  assert.equal(averagePathLength(2), 1);
  assert.equal(averagePathLength(5), 2 * (Math.log(4) + euler) - 8 / 5);
  assert.equal(averagePathLength(999), 2 * (Math.log(998) + euler) - 1996 / 999);
  assert.ok(Math.abs(averagePathLength(256) - 10.2448) < 5e-5);
});

test('it is the mean depth of the leaves of random trees', () => {
  // the first split leaves any number of the n leaves on its left, all equally likely
  const depths = [0, 0];
  for (let leaves = 2; leaves <= 256; leaves += 1) {
    let sum = 0;
    for (let left = 1; left < leaves; left += 1) sum += left * (depths[left] ?? 0);
    depths.push(1 + (2 * sum) / (leaves * (leaves - 1)));
  }
  for (const leaves of [64, 256]) {
    const difference = averagePathLength(leaves) - (depths[leaves] ?? 0);
    assert.ok(Math.abs(difference) < 1 / (leaves - 1), `${leaves}: ${difference}`);
  }
});
