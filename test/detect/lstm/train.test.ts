import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LSTM_SETTINGS } from '../../../src/detect/lstm/model.ts';
import { type Epoch, MOST_HISTORY, train } from '../../../src/detect/lstm/train.ts';
import type { Row } from '../../../src/detect/lstm/windows.ts';
import { seededRandom } from '../../../src/stats/random.ts';
import { pairSeries, QUICK, requestFor } from './series.ts';

test('the same history and seed give the same weights, another seed others', () => {
  const request = requestFor(pairSeries(260, 260, 1));
  assert.deepEqual(train(request), train(request));
  assert.notDeepEqual(train({ ...request, seed: 2 })?.weights, train(request)?.weights);
});

test('each epoch is told, and the loss falls', () => {
  const wave = Array.from({ length: 300 }, (_, index) => [Math.sin(index / 3), Math.cos(index / 3)]);
  const epochs: Epoch[] = [];
  const model = train(requestFor(wave, { ...LSTM_SETTINGS, epochs: 10 }), epoch => epochs.push(epoch));
  assert.deepEqual(epochs.map(({ epoch, of }) => [epoch, of]).at(-1), [10, 10]);
  const [first, last] = [epochs[0]?.loss ?? 0, epochs.at(-1)?.loss ?? 1];
  assert.ok(last < first / 4, `from ${first} to ${last}`);
  assert.equal(model?.loss, last);
});

test('nothing is trained on 200 runs or fewer, on no metric, or on more than eight', () => {
  assert.equal(train(requestFor(pairSeries(200, 200, 1))), null);
  assert.notEqual(train(requestFor(pairSeries(201, 201, 1))), null);
  assert.equal(train(requestFor(Array(300).fill([]))), null);
  assert.equal(train(requestFor(Array(300).fill(Array(9).fill(1)))), null);
});

test('what a model was made from stands in it', () => {
  const model = train(requestFor(pairSeries(300, 300, 1)));
  assert.ok(model !== null);
  assert.deepEqual(
    [model.windows, model.metrics, model.seed, model.settings, model.trainedAt],
    [285, ['metric0', 'metric1'], 1, QUICK, '2026-01-02T03:04:05.000Z'],
  );
  assert.ok(Math.abs((model.scaling[0]?.centre ?? 0) - 10) < 0.3);
});

test('a long history is trained on by its end alone', () => {
  const long = [...pairSeries(500, 500, 1), ...pairSeries(MOST_HISTORY, MOST_HISTORY, 2)];
  assert.deepEqual(train(requestFor(long)), train(requestFor(long.slice(-MOST_HISTORY))));
});

const random = seededRandom(4);
const awkward: Record<string, (index: number) => Row> = {
  'that never changes': () => [3, 0],
  'without a value': () => [null, null],
  'with gaps': index => [index % 3 === 0 ? null : random(), index % 5 === 0 ? random() : null],
  'of huge numbers': () => [1e308 * (random() - 0.5), 1e300 * random()],
  'of tiny numbers': () => [1e-308 * random(), 5e-324],
  'with rare wild values': index => [index % 40 === 0 ? 1e12 : random(), random()],
};
for (const [what, row] of Object.entries(awkward)) {
  test(`a history ${what} gives a model of finite numbers`, () => {
    const model = train(requestFor(Array.from({ length: 220 }, (_, index) => row(index))));
    assert.ok(model !== null);
    assert.ok(model.weights.every(Number.isFinite) && model.whitening.every(Number.isFinite));
    assert.ok(model.threshold > 0 && Number.isFinite(model.threshold) && Number.isFinite(model.loss));
  });
}
