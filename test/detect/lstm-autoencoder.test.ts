import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Model, NO_OPINION } from '../../src/detect/detector.ts';
import { LSTM_SETTINGS, type TrainedLstm } from '../../src/detect/lstm/model.ts';
import { train } from '../../src/detect/lstm/train.ts';
import type { Row } from '../../src/detect/lstm/windows.ts';
import { beginLstm, lstmAutoencoder } from '../../src/detect/lstm-autoencoder.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import { pairSeries, requestFor } from './lstm/series.ts';

const trainedOn = (history: readonly Row[]): TrainedLstm =>
  train(requestFor(history, LSTM_SETTINGS)) as TrainedLstm;

function scoresOf(model: Model, rows: readonly Row[]): (number | null)[] {
  return rows.map(values => model.next({ timeMs: null, values }).score);
}

/** The largest distance of any metric from its mean over the last 30 rows, in deviations: what looks at one metric at a time sees. */
function zScores(rows: readonly Row[], from: number): number[] {
  return rows.slice(from).map((row, index) => {
    const before = rows.slice(from + index - 30, from + index);
    return Math.max(
      ...row.map((value, metric) => {
        const values = before.map(each => each[metric] ?? 0);
        const mean = values.reduce((sum, each) => sum + each, 0) / 30;
        const deviation = Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 29);
        return Math.abs((value ?? 0) - mean) / deviation;
      }),
    );
  });
}

const flags = (scores: readonly (number | null)[]): number =>
  scores.filter(score => (score ?? 0) >= 0.5).length;

const PARTS_AT = 500;
const series = pairSeries(560, PARTS_AT, 3);
const trained = trainedOn(series.slice(0, 400));

test('two metrics that moved together and part are seen within ten runs, where each of them alone shows nothing', () => {
  const scores = scoresOf(beginLstm(trained), series);
  assert.equal(flags(scores.slice(400, PARTS_AT)), 0, 'nothing before');
  assert.ok(flags(scores.slice(PARTS_AT, PARTS_AT + 10)) > 0, 'seen soon');
  assert.ok(flags(scores.slice(PARTS_AT + 10)) > 40, 'seen all along');
  const beyond = zScores(series, PARTS_AT).filter(z => z > 3).length;
  assert.ok(beyond <= 2, `a z-score flags ${beyond} of 60 runs`);
});

test('a few wild runs in the history do not hide it', () => {
  const history = series
    .slice(0, 400)
    .map((row, index) => (index % 60 === 7 ? [(row[0] ?? 0) + 8, row[1] ?? 0] : row));
  const scores = scoresOf(beginLstm(trainedOn(history)), series);
  assert.equal(flags(scores.slice(400, PARTS_AT)), 0);
  assert.ok(flags(scores.slice(PARTS_AT, PARTS_AT + 15)) > 0);
});

test('a daily rhythm that goes on at another hour is seen', () => {
  const random = seededRandom(8);
  const rows = Array.from({ length: 560 }, (_, index) => {
    const hour = index < PARTS_AT ? index : index + 8;
    return [20 + Math.sin((2 * Math.PI * hour) / 24) + 0.1 * gaussian(random)];
  });
  const scores = scoresOf(beginLstm(trainedOn(rows.slice(0, 400))), rows);
  assert.ok(flags(scores.slice(400, PARTS_AT)) <= 1);
  assert.ok(flags(scores.slice(PARTS_AT, PARTS_AT + 15)) > 0);
});

test('without trained weights, and before it has seen 16 observations, it has no opinion', () => {
  assert.deepEqual(scoresOf(beginLstm(null), series.slice(0, 20)), Array(20).fill(null));
  const untrained = lstmAutoencoder.begin(
    { period: null, seed: 1, rule: { thresholdPercent: 25, window: 5, recoveryRuns: 3, floor: 0 } },
    2,
  );
  assert.deepEqual(untrained.next({ timeMs: null, values: [1, 2] }), NO_OPINION);
  const scores = scoresOf(beginLstm(trained), series.slice(0, 20));
  assert.deepEqual(
    scores.map(score => score === null),
    [...Array(15).fill(true), ...Array(5).fill(false)],
  );
});

test('the score of a run is the same whether or not the rest of the series exists', () => {
  const whole = scoresOf(beginLstm(trained), series);
  for (const end of [16, 100, 501, 530]) {
    assert.deepEqual(scoresOf(beginLstm(trained), series.slice(0, end)), whole.slice(0, end));
  }
});

test('a score hangs on the last 16 runs alone', () => {
  const whole = scoresOf(beginLstm(trained), series);
  assert.equal(scoresOf(beginLstm(trained), series.slice(200, 216)).at(-1), whole[215]);
});

test('missing and wild values give a score below 1, and a run without any value none', () => {
  const model = beginLstm(trained);
  scoresOf(model, series.slice(0, 30));
  const wild: Row[] = [[null, 5], [Number.MAX_VALUE, -Number.MAX_VALUE], [Number.NaN, 5], [10]];
  for (const values of wild) {
    const { score } = model.next({ timeMs: null, values });
    assert.ok(score !== null && score > 0 && score < 1, `${values}: ${score}`);
  }
  assert.equal(model.next({ timeMs: null, values: [null, null] }).score, null);
});
