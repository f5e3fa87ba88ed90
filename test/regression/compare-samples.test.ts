import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareSamples, judgedTogether } from '../../src/regression/compare-samples.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import { fc } from '../helpers/properties.ts';

const RUNTIME = { metric: 'runtimeSeconds' };

function noisy(length: number, level: number, variation: number, random: () => number): number[] {
  return Array.from({ length }, () => level * Math.exp(variation * gaussian(random)));
}

function histories(seed: number): {
  reference: number[];
  same: number[];
  slower: number[];
  faster: number[];
} {
  const random = seededRandom(seed);
  const recent = noisy(20, 1, 0.05, random);
  return {
    reference: noisy(50, 1, 0.05, random),
    same: recent,
    slower: recent.map(value => value * 1.2),
    faster: recent.map(value => value / 1.2),
  };
}

test('slower runs are worse, faster ones better, others not to be told apart', () => {
  const { reference, same, slower, faster } = histories(5);
  assert.equal(compareSamples(reference, slower, RUNTIME).verdict, 'worse');
  assert.equal(compareSamples(reference, faster, RUNTIME).verdict, 'better');
  assert.equal(compareSamples(reference, same, RUNTIME).verdict, 'indistinct');
});

test('the size is told in percent, with an interval that holds it', () => {
  const { reference, slower } = histories(2);
  const { changePercent, intervalPercent, change, p } = compareSamples(reference, slower, RUNTIME);
  assert.ok((intervalPercent?.low ?? 0) > 12 && (intervalPercent?.high ?? 99) < 28);
  assert.ok((intervalPercent?.low ?? 0) <= 20 && (intervalPercent?.high ?? 0) >= 20);
  assert.ok(Math.abs((changePercent ?? 0) - 100 * (change ?? 0)) < 3, 'the level is 1');
  assert.ok((p ?? 1) < 1e-6);
});

test('for quality and throughput less is worse', () => {
  const { reference, slower, faster } = histories(3);
  assert.equal(compareSamples(reference, faster, { metric: 'samplesPerSecond' }).verdict, 'worse');
  assert.equal(compareSamples(reference, slower, { metric: 'f1Score' }).verdict, 'better');
  assert.equal(compareSamples(reference, slower, { metric: 'rowsCollected' }).verdict, 'different');
  assert.equal(
    compareSamples(reference, faster, { metric: 'rowsCollected', worseWhen: 'less' }).verdict,
    'worse',
  );
});

test('a model that lost more than the degradation threshold is worse', () => {
  const reference = [0.95, 0.94, 0.95, 0.96, 0.95, 0.951, 0.949];
  const recent = [0.9, 0.89, 0.91, 0.9, 0.905];
  const at = (degradationThreshold: number): string =>
    compareSamples(reference, recent, { metric: 'accuracy', degradationThreshold }).verdict;
  assert.equal(at(0.05), 'worse');
  assert.equal(at(0.1), 'indistinct');
  assert.equal(compareSamples(reference, recent, { metric: 'accuracy' }).thresholdPercent, 1);
});

test('a certain change below the threshold or the floor does not matter', () => {
  const reference = Array.from({ length: 50 }, (_, index) => 10 + (index % 5) / 1000);
  const recent = reference.map(value => value * 1.02);
  const small = compareSamples(reference, recent, RUNTIME);
  assert.equal(small.verdict, 'indistinct');
  assert.ok((small.p ?? 1) < 1e-9);
  assert.equal(compareSamples(reference, recent, { ...RUNTIME, thresholdPercent: 1 }).verdict, 'worse');
  assert.equal(
    compareSamples(reference, recent, { ...RUNTIME, thresholdPercent: 1, floor: 0.5 }).verdict,
    'indistinct',
  );
});

test('against one number the noise of the runs decides', () => {
  assert.equal(compareSamples(2.5, [2.9, 2.7, 3, 2.8, 2.75, 3.1], RUNTIME).verdict, 'worse');
  assert.equal(compareSamples(2.5, [2.4, 2.7, 2.6, 2.3, 2.75, 2.45], RUNTIME).verdict, 'indistinct');
  assert.equal(compareSamples(2.5, [2.9, 2.7, 3, 2.8, 2.75], RUNTIME).verdict, 'too-few');
  assert.equal(
    compareSamples(
      2.5,
      Array.from({ length: 8 }, () => 2.5),
      RUNTIME,
    ).change,
    0,
  );
});

test('against mean and deviation it is a t-test', () => {
  const reference = { n: 30, mean: 2.5, standardDeviation: 0.1 };
  const { verdict, changePercent, p } = compareSamples(reference, [2.9, 2.7, 2.8, 2.75], RUNTIME);
  assert.equal(verdict, 'worse');
  assert.ok(Math.abs((changePercent ?? 0) - 11.5) < 1e-9);
  assert.ok((p ?? 1) < 0.01);
});

test('with too few runs it says how many there have to be', () => {
  const few = compareSamples([1, 1.1, 0.9, 1.05, 0.95], [1.2, 1.3], { ...RUNTIME, seekPercent: 10 });
  assert.equal(few.verdict, 'too-few');
  assert.equal(few.needed?.percent, 10);
  assert.ok((few.needed?.each ?? 0) >= 10 && (few.needed?.each ?? 99) <= 25);
  assert.equal(compareSamples([], [], RUNTIME).verdict, 'too-few');
  assert.equal(compareSamples([1], [2, 2, 2], RUNTIME).verdict, 'too-few');
});

test('the runs that it asks for are enough in about four of five cases', () => {
  const random = seededRandom(12);
  const asked = compareSamples(noisy(400, 1, 0.1, random), noisy(400, 1, 0.1, random), {
    ...RUNTIME,
    seekPercent: 10,
  });
  const each = asked.needed?.each ?? 0;
  assert.ok(each >= 14 && each <= 24, `${each}`);
  let found = 0;
  for (let attempt = 0; attempt < 200; attempt++) {
    const { verdict } = compareSamples(noisy(each, 1, 0.1, random), noisy(each, 1.1, 0.1, random), RUNTIME);
    if (verdict === 'worse') found++;
  }
  assert.ok(found >= 140 && found <= 185, `${found} of 200`);
});

test('where nothing changes it seldom says that something did, also of runs that resemble their neighbours', () => {
  const random = seededRandom(5);
  for (const correlation of [0, 0.6]) {
    let alarms = 0;
    for (let attempt = 0; attempt < 250; attempt++) {
      let level = gaussian(random);
      const values = Array.from({ length: 70 }, () => {
        level = correlation * level + Math.sqrt(1 - correlation ** 2) * gaussian(random);
        return Math.exp(0.1 * level);
      });
      if (compareSamples(values.slice(0, 50), values.slice(50), RUNTIME).verdict === 'worse') alarms++;
    }
    assert.ok(alarms <= 12, `${alarms} of 250 at ${correlation}`); // 5 %
  }
});

test('runs that resemble their neighbours count for fewer', () => {
  const rising = Array.from({ length: 30 }, (_, index) => 10 + Math.sin(index / 5));
  const { effectiveCount } = compareSamples(rising, rising.slice(0, 10), RUNTIME);
  assert.ok(effectiveCount < 15);
});

test('constants and zeros are compared without a number that is none', () => {
  const flat = (length: number, value: number): number[] => Array.from({ length }, () => value);
  assert.equal(compareSamples(flat(5, 5), flat(5, 5.5), RUNTIME).verdict, 'worse');
  assert.equal(compareSamples(flat(9, 0), flat(9, 0), RUNTIME).verdict, 'indistinct');
  const fromZero = compareSamples(flat(9, 0), flat(9, 2), RUNTIME);
  assert.deepEqual([fromZero.verdict, fromZero.changePercent, fromZero.change], ['worse', null, 2]);
  assert.equal(compareSamples(flat(9, 0), flat(9, 2), { ...RUNTIME, floor: 3 }).verdict, 'indistinct');
  assert.equal(compareSamples(flat(9, -4), flat(9, -2), RUNTIME).changePercent, 50);
});

test('whatever is compared, every figure is finite or null', () => {
  const value = fc.oneof(fc.double(), fc.constantFrom(0, 1, -1, 1e308, 5e-324, Number.NaN));
  const values = fc.array(value, { maxLength: 25 });
  const summary = fc.record({
    n: fc.integer({ min: 0, max: 50 }),
    mean: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    standardDeviation: fc.double({ min: 0, max: 1e6, noNaN: true }),
  });
  const reference = fc.oneof(values, fc.double({ min: -1e150, max: 1e150, noNaN: true }), summary);
  fc.assert(
    fc.property(reference, values, (known, recent) => {
      const text = JSON.stringify(compareSamples(known, recent, RUNTIME), (_, each: unknown) => {
        assert.ok(typeof each !== 'number' || Number.isFinite(each), `${each}`);
        return each;
      });
      assert.ok(text.length > 0);
    }),
  );
});

test('many comparisons are judged as one check', () => {
  const random = seededRandom(21);
  let alarms = 0;
  for (let check = 0; check < 40; check++) {
    const comparisons = Array.from({ length: 10 }, () =>
      compareSamples(noisy(30, 1, 0.1, random), noisy(15, 1, 0.1, random), RUNTIME),
    );
    if (judgedTogether(comparisons).some(({ verdict }) => verdict === 'worse')) alarms++;
  }
  assert.ok(alarms <= 4, `${alarms} of 40 checks`);
});

test('judging together keeps what each comparison carries, adjusts p, and leaves out those with too few runs', () => {
  const { reference, same, slower } = histories(4);
  const judged = judgedTogether([
    { name: 'a', ...compareSamples(reference, slower, RUNTIME) },
    { name: 'b', ...compareSamples(reference, same, RUNTIME) },
    { name: 'c', ...compareSamples(reference, [1], RUNTIME) },
  ]);
  assert.deepEqual(
    judged.map(({ name, verdict }) => [name, verdict]),
    [
      ['a', 'worse'],
      ['b', 'indistinct'],
      ['c', 'too-few'],
    ],
  );
  assert.equal(judged[0]?.pAdjusted, 2 * (judged[0]?.p ?? 0));
});
