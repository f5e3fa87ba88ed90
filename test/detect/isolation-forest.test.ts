import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fit, type Observation } from '../../src/detect/detector.ts';
import { beginIsolationForest, isolationForest } from '../../src/detect/isolation-forest.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import { normalRows } from './forest/rows.ts';

const SETTINGS = {
  period: null,
  seed: 1,
  rule: { thresholdPercent: 25, window: 5, recoveryRuns: 3, floor: 0 },
};

const observation = (values: (number | null)[]): Observation => ({ timeMs: null, values });

/** Runs at a level of 100 with a variation of 10 %, in so many metrics. */
function runs(count: number, metrics: number, seed: number): Observation[] {
  const rows = normalRows(count, metrics, seededRandom(seed));
  return rows.map(row => observation(row.map(value => 100 * Math.exp(0.1 * value))));
}

for (const metrics of [1, 4]) {
  test(`of ${metrics} metric(s), what is usual stays below 0.5 and what is not comes above`, () => {
    const history = runs(300, metrics, 2);
    const model = isolationForest.begin(SETTINGS, metrics);
    const votes = history.map(run => model.next(run).score ?? 0);
    assert.ok(votes.filter(vote => vote >= 0.5).length <= 9, `${votes.filter(vote => vote >= 0.5)}`);
    assert.ok((model.next(observation(Array(metrics).fill(250))).score ?? 0) > 0.6);
    assert.ok((model.next(observation(Array(metrics).fill(20))).score ?? 0) > 0.6);
  });
}

test('one odd metric of four is seen', () => {
  const model = fit(isolationForest, runs(200, 4, 3), SETTINGS);
  assert.ok((model.next(observation([100, 100, 230, 100])).score ?? 0) > 0.5);
});

test('it has an opinion from the sixth run on', () => {
  const model = isolationForest.begin(SETTINGS, 2);
  const scores = runs(8, 2, 4).map(run => model.next(run).score === null);
  assert.deepEqual(scores, [true, true, true, true, true, false, false, false]);
  assert.equal(beginIsolationForest({}, 2).trained(), null);
});

test('what it says of a run does not depend on those after it', () => {
  for (const metrics of [1, 3]) {
    const history = runs(700, metrics, 5).map(({ values }, at) =>
      observation(values.map((value, metric) => ((at + metric) % 13 === 0 ? null : value))),
    );
    const whole = isolationForest.begin(SETTINGS, metrics);
    const all = history.map(run => whole.next(run));
    for (const end of [6, 50, 333, 699]) {
      const model = fit(isolationForest, history.slice(0, end), SETTINGS);
      assert.deepEqual(model.next(history[end] ?? observation([])), all[end]);
    }
  }
});

test('looking at what it knows changes nothing', () => {
  const history = runs(200, 3, 6).map(({ values }, at) =>
    observation(at % 7 === 0 ? [null, ...values.slice(1)] : [...values]),
  );
  const [left, right] = [beginIsolationForest({}, 3), beginIsolationForest({}, 3)];
  for (const run of history) {
    right.trained();
    assert.deepEqual(right.next(run), left.next(run));
  }
});

test('the seed decides', () => {
  const scores = (seed: number) => {
    const model = isolationForest.begin({ ...SETTINGS, seed }, 3);
    return runs(100, 3, 7).map(run => model.next(run).score);
  };
  assert.deepEqual(scores(1), scores(1));
  assert.notDeepEqual(scores(1), scores(2));
});

test('contamination is about the share of runs that it votes for', () => {
  for (const contamination of [0.02, 0.1, 0.3]) {
    const model = beginIsolationForest({ contamination }, 3);
    const votes = runs(1500, 3, 8).map(run => model.next(run).score ?? 0);
    const share = votes.slice(500).filter(vote => vote >= 0.5).length / 1000;
    assert.ok(Math.abs(share - contamination) < 0.02 + contamination / 4, `${contamination}: ${share}`);
  }
});

test('a new level becomes usual', () => {
  const random = seededRandom(9);
  const model = isolationForest.begin(SETTINGS, 2);
  const at = (level: number) => observation([level + gaussian(random), 50 + gaussian(random)]);
  for (let run = 0; run < 300; run += 1) model.next(at(100));
  assert.ok((model.next(at(130)).score ?? 0) > 0.5);
  for (let run = 0; run < 300; run += 1) model.next(at(130));
  assert.ok((model.next(at(130)).score ?? 1) < 0.5);
});

test('runs without a value are passed over, gaps are filled', () => {
  const model = fit(isolationForest, runs(100, 3, 10), SETTINGS);
  assert.equal(model.next(observation([null, null, null])).score, null);
  assert.ok((model.next(observation([100, null, null])).score ?? 1) < 0.5);
  assert.ok((model.next(observation([null, 400, 400])).score ?? 0) > 0.5);
});

test('constant, zero and huge values do no harm', () => {
  for (const value of [0, 7, 1e300, -1e300]) {
    for (const metrics of [1, 3]) {
      const model = isolationForest.begin(SETTINGS, metrics);
      for (let run = 0; run < 80; run += 1) {
        const { score } = model.next(observation(Array(metrics).fill(value)));
        assert.ok(score === null || (score >= 0 && score < 0.5), `${value}: ${score}`);
      }
    }
  }
});
