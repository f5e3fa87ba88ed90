import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marginsOf } from '../../src/forecast/intervals.ts';
import { level } from '../../src/forecast/level.ts';
import { naive } from '../../src/forecast/naive.ts';
import { planOf, tried } from '../../src/forecast/rolling-origin.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

const STEPS = 6;
const SETTINGS = { period: null, seed: 1 };

/** From standard normal numbers, one after the other. */
const KINDS: Record<string, { forecaster: typeof naive; next: (before: number, noise: number) => number }> = {
  noise: { forecaster: level, next: (_, noise) => noise },
  'an autoregression': { forecaster: naive, next: (before, noise) => 0.7 * before + noise },
  'a random walk': { forecaster: naive, next: (before, noise) => before + noise },
  'skewed values': { forecaster: level, next: (_, noise) => Math.exp(0.7 * noise) },
};

function simulated(
  seed: number,
  length: number,
  next: (before: number, noise: number) => number,
): Float64Array {
  const random = seededRandom(seed);
  let before = 0;
  return Float64Array.from({ length }, () => {
    before = next(before, gaussian(random));
    return before;
  });
}

const SHARES = [0.8, 0.95];

/** The share of values within their interval, for each of `SHARES`. */
function coverage(known: number, { forecaster, next }: (typeof KINDS)[string]): number[] {
  const inside = SHARES.map(() => 0);
  const seeds = 100;
  const plan = planOf(known, STEPS, null);
  for (let seed = 1; seed <= seeds; seed += 1) {
    const all = simulated(seed, known + STEPS, next);
    const values = all.slice(0, known);
    const trial = tried(forecaster, values, plan, SETTINGS, forecast => forecast) ?? [];
    const said = forecaster.fit(values, SETTINGS)?.forecast(values, STEPS);
    for (const [index, share] of SHARES.entries()) {
      const margins = marginsOf(trial, values, plan, share) ?? [];
      const isInside = (margin: number, step: number): boolean =>
        Math.abs((all[known + step] as number) - (said?.[step] ?? Number.NaN)) <= margin;
      inside[index] = (inside[index] ?? 0) + Array.from(margins).filter(isInside).length;
    }
  }
  return inside.map(count => count / (seeds * STEPS));
}

for (const [name, kind] of Object.entries(KINDS)) {
  test(`intervals hold what they promise: ${name}, after many values and after few`, () => {
    const [many, few] = [coverage(200, kind), coverage(24, kind)];
    for (const [index, share] of SHARES.entries()) {
      assert.ok(Math.abs((many[index] ?? 0) - share) <= 0.05, `${many[index]} of ${share} after 200 values`);
      assert.ok(
        (few[index] ?? 0) >= share - 0.05 && (few[index] ?? 1) < 1,
        `${few[index]} of ${share} after 24`,
      );
    }
  });
}

test('steps that nothing is known of are as wide as the last known one, times the root of the steps', () => {
  const values = simulated(1, 40, (before, noise) => before + noise);
  const plan = planOf(values.length, 60, null);
  const margins = marginsOf(
    tried(naive, values, plan, SETTINGS, forecast => forecast) ?? [],
    values,
    plan,
    0.95,
  );
  const [last = 0, far = 0] = [margins?.[15], margins?.[59]]; // 20 origins: 5 of them know the 16th step
  assert.ok(Math.abs(far / last - Math.sqrt(60 / 16)) < 1e-9, `${last} ${far}`);
});

test('a series that has become restless gets wider intervals than its past errors', () => {
  const calm = simulated(2, 200, (_, noise) => noise);
  const restless = calm.map((value, at) => (at < 180 ? value : 4 * value));
  const [before = 0, after = 0] = [calm, restless].map(values => {
    const plan = planOf(values.length, 1, null);
    return marginsOf(
      tried(naive, values, plan, SETTINGS, forecast => forecast) ?? [],
      values,
      plan,
      0.8,
    )?.[0];
  });
  assert.ok(after > 1.3 * before, `${before} ${after}`);
});

test('with fewer than five origins there is no interval', () => {
  const values = simulated(1, 8, (_, noise) => noise);
  const plan = planOf(values.length, 2, null);
  assert.equal(
    marginsOf(tried(naive, values, plan, SETTINGS, forecast => forecast) ?? [], values, plan, 0.95),
    null,
  );
});
