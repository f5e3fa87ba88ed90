import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differenceOf } from '../../src/bisect/difference.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

/** Looks at pairs as they come, as a bisection does, until there is a verdict. */
function verdictOf(
  seed: number,
  shift: number,
  noise: () => number,
  threshold = 0.5,
): { verdict: string; pairs: number } {
  const [good, bad]: [number[], number[]] = [[], []];
  for (let pairs = 1; ; pairs++) {
    good.push(noise());
    bad.push(noise() + shift);
    const { verdict } = differenceOf(good, bad, { pairs, mostPairs: 100, threshold });
    if (verdict !== 'more') return { verdict, pairs };
    assert.ok(pairs < 100, `seed ${seed}`);
  }
}

test('a difference is seen with six pairs where all runs of one are above all of the other', () => {
  const [low, high] = [
    [1, 2, 3, 4, 5, 6],
    [9, 7, 12, 8, 11, 10],
  ];
  const asked = { pairs: 6, mostPairs: 40, threshold: 1 };
  const { verdict, shift } = differenceOf(low, high, asked);
  assert.deepEqual([verdict, shift?.shift], ['differ', 6]);
  assert.equal(differenceOf(high, low, asked).verdict, 'differ');
  assert.equal(differenceOf(low, high, { ...asked, threshold: 7 }).verdict, 'more');
  assert.equal(differenceOf(low.slice(1), high.slice(1), { ...asked, pairs: 5 }).verdict, 'more');
});

test('on a machine that becomes faster and slower the pairs tell what all runs together do not', () => {
  const random = seededRandom(9);
  const pair = (index: number): [number, number] => {
    const speed = 3 * Math.sin(index / 3);
    return [speed + 0.3 * gaussian(random), speed + 1 + 0.3 * gaussian(random)];
  };
  const all = Array.from({ length: 20 }, (_, index) => pair(index));
  const [good, bad] = [all.map(([first]) => first), all.map(([, second]) => second)];
  const asked = { pairs: 20, mostPairs: 40, threshold: 0.5 };
  assert.equal(differenceOf(good, bad, asked).verdict, 'differ');
  const unpaired = [...bad.slice(7), ...bad.slice(0, 7)];
  assert.equal(differenceOf(good, unpaired, asked).verdict, 'more');
});

test('without a difference one is seen in at most 3 of 100 tries, over all looks, whatever the noise', () => {
  for (const [name, make] of Object.entries({
    normal: (random: () => number) => () => gaussian(random),
    'two modes': (random: () => number) => () => (random() < 0.5 ? 0 : 5),
    wild: (random: () => number) => () => gaussian(random) / Math.max(0.1, Math.abs(gaussian(random))),
  })) {
    let differ = 0;
    for (let seed = 1; seed <= 300; seed++)
      if (verdictOf(seed, 0, make(seededRandom(seed)), 0).verdict === 'differ') differ++;
    assert.ok(differ <= 16, `${name}: ${differ} of 300`); // 9 are expected at most; more than 16 come once in 100 times
  }
});

test('a difference that does not matter ends as one that is not there', () => {
  const random = seededRandom(5);
  const noise = (): number => 0.05 * gaussian(random);
  assert.deepEqual(verdictOf(5, 0.1, noise), { verdict: 'alike', pairs: 6 });
});
