import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fit, type Observation, type Opinion } from '../../src/detect/detector.ts';
import { DETECTORS } from '../../src/detect/detectors.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import { fc } from '../helpers/properties.ts';

const SETTINGS = {
  period: null,
  seed: 1,
  rule: { thresholdPercent: 25, window: 5, recoveryRuns: 3, floor: 0 },
};

/** 120 observations of two metrics; from 80 on the first is twice as large. */
function history(seed = 1): Observation[] {
  const random = seededRandom(seed);
  return Array.from({ length: 120 }, (_, index) => ({
    timeMs: index * 60_000,
    values: [
      (index >= 80 ? 2 : 1) * Math.exp(0.05 * gaussian(random)),
      10 * Math.exp(0.05 * gaussian(random)),
    ],
  }));
}

function opinions(detector: (typeof DETECTORS)[number], observations: readonly Observation[]): Opinion[] {
  const model = detector.begin(SETTINGS, observations[0]?.values.length ?? 1);
  return observations.map(observation => model.next(observation));
}

/** The last one has no opinion before somebody trains it. */
const UNTRAINED = 'lstm-autoencoder';

test('each detector has a name of its own', () => {
  const names = DETECTORS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});

for (const detector of DETECTORS) {
  test(`${detector.name}: the opinion of a value is the same whether or not the rest exists, and the same each time`, () => {
    const whole = opinions(detector, history());
    assert.deepEqual(opinions(detector, history()), whole);
    for (const length of [1, 5, 30, 81, 100]) {
      assert.deepEqual(opinions(detector, history().slice(0, length)), whole.slice(0, length));
    }
  });

  test(`${detector.name}: says little of what is usual, and more of a level that is twice as high`, t => {
    if (detector.name === UNTRAINED) return t.skip('it has no opinion before it is trained');
    const scores = opinions(detector, history()).map(({ score }) => score ?? 0);
    const flagged = scores.slice(40, 80).filter(score => score >= 0.5).length;
    assert.ok(flagged <= 2, `${flagged} of 40 usual values are flagged`);
    assert.ok(Math.max(...scores.slice(80, 90)) >= 0.5, String(scores.slice(80, 90)));
  });

  test(`${detector.name}: takes any values, and keeps its scores within bounds`, () => {
    const value = fc.oneof(
      fc.constantFrom(null, 0, -0, 1e-320, 1e100, -1e100),
      fc.double({ noNaN: true, min: -1e100, max: 1e100 }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 60 }), rows => {
        const said = opinions(
          detector,
          rows.map((values, index) => ({ timeMs: index * 1000, values })),
        );
        for (const { score, expected } of said) {
          assert.ok(score === null || (score >= 0 && score < 1), String(score));
          assert.ok(expected === null || !expected.some(Number.isNaN), String(expected));
        }
      }),
      { numRuns: 100 },
    );
  });

  test(`${detector.name}: constant series and zeros are nothing unusual`, () => {
    for (const constant of [0, 7, -3]) {
      const rows = Array.from({ length: 60 }, (_, index) => ({
        timeMs: index,
        values: [constant, constant],
      }));
      const flagged = opinions(detector, rows).filter(({ score }) => (score ?? 0) >= 0.5);
      assert.deepEqual(flagged, []);
    }
  });

  test(`${detector.name}: a model that learned a history goes on from there`, () => {
    const all = history();
    const next = all[100];
    assert.ok(next !== undefined);
    assert.deepEqual(fit(detector, all.slice(0, 100), SETTINGS).next(next), opinions(detector, all)[100]);
  });
}
