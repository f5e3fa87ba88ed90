import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Forecaster } from '../../src/forecast/forecaster.ts';
import { MEMBERS } from '../../src/forecast/members.ts';
import { errorsOf, recentErrors } from '../../src/forecast/recent-errors.ts';
import { firstOrigin, planOf, tried } from '../../src/forecast/rolling-origin.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

const SETTINGS = { period: 8, seed: 1 };
const free = (forecast: Float64Array): Float64Array => forecast;

function seasonal(length: number): Float64Array {
  const random = seededRandom(7);
  return Float64Array.from(
    { length },
    (_, at) => 2 * Math.sin((2 * Math.PI * at) / 8) + 0.3 * gaussian(random),
  );
}

test('origins lie in the later half, the last just before the last value, at most 50', () => {
  for (const length of [4, 10, 57, 120, 121, 500, 2000]) {
    const { origins, refits } = planOf(length, 12, null);
    assert.equal(origins[0] === firstOrigin(length, null) || origins.length === 50, true);
    assert.ok((origins[0] ?? 0) >= length >> 1 && origins.length <= 50);
    assert.equal(origins.at(-1), length - 1);
    assert.deepEqual(
      [...new Set(origins)].sort((a, b) => a - b),
      origins,
    );
    assert.equal(refits[0], 0);
  }
  assert.deepEqual(planOf(3, 12, null).origins, []);
});

test('two seasons are known at the first origin where that leaves something to try', () => {
  assert.equal(firstOrigin(100, 30), 62);
  assert.equal(firstOrigin(100, 45), 75);
});

for (const member of MEMBERS) {
  test(`${member.name}: what it would have said does not depend on what came later`, () => {
    const values = seasonal(120);
    const plan = planOf(values.length, 5, 8);
    const trial = tried(member, values, plan, SETTINGS, free);
    assert.ok(trial !== null);
    for (const index of [0, 20, 41]) {
      const origin = plan.origins[index] as number;
      const other = values.map((value, at) => (at < origin ? value : 1000 - value));
      const upTo = { ...plan, origins: plan.origins.slice(0, index + 1) };
      assert.deepEqual(tried(member, other, upTo, SETTINGS, free), trial.slice(0, index + 1));
    }
  });

  test(`${member.name}: the same each time, and as many finite steps as asked for`, () => {
    const values = seasonal(150);
    const said = [1, 2].map(() => member.fit(values, SETTINGS)?.forecast(values, 20));
    assert.deepEqual(said[0], said[1]);
    assert.ok(said[0]?.length === 20 && said[0].every(Number.isFinite), String(said[0]));
  });
}

test('a forecaster that has nothing to say at one origin is not tried', () => {
  const shy: Forecaster = {
    name: 'shy',
    fit: values => (values.length < 80 ? null : (MEMBERS[0].fit(values, SETTINGS) ?? null)),
  };
  assert.equal(tried(shy, seasonal(120), planOf(120, 3, null), SETTINGS, free), null);
});

test('an error is known from the time of its value on, and old ones fade', () => {
  const values = Float64Array.of(0, 0, 0, 0, 1, 3);
  const plan = { origins: [3, 4, 5], refits: [0], steps: 1 };
  const trial = [0, 0, 0].map(value => Float64Array.of(value));
  assert.deepEqual(
    errorsOf(trial, values, plan).map(([error]) => error),
    [0, 1, 3],
  );
  const recent = recentErrors(trial, values, plan, 1).map(([error]) => error);
  // at 3 nothing is known; at 4 the error 0; at 5 also 1, which counts twice as much; at the end also 3
  assert.deepEqual(recent, [Number.NaN, 0, 2 / 3, (3 * 4 + 2) / 7]);
});
