import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrainedLstm } from '../../../src/detect/lstm/model.ts';
import { fromJson, toJson } from '../../../src/detect/lstm/model-json.ts';
import { train } from '../../../src/detect/lstm/train.ts';
import { pairSeries, requestFor } from './series.ts';

const model = train(requestFor(pairSeries(220, 220, 1))) as TrainedLstm;
const kept = JSON.parse(JSON.stringify(toJson(model)));

test('a model comes back from its text as it was', () => {
  assert.deepEqual(fromJson(JSON.parse(JSON.stringify(toJson(model)))), model);
});

test('the text says what it is and where it came from', () => {
  const { name, version, trainedAt, windows, metrics, seed, settings } = kept;
  assert.deepEqual([name, version, trainedAt], ['lstm-autoencoder', 1, '2026-01-02T03:04:05.000Z']);
  assert.deepEqual([windows, metrics, seed, settings.hidden], [205, ['metric0', 'metric1'], 1, 4]);
});

const setting = (changed: object) => ({ settings: { ...kept.settings, ...changed } });
const wrong: Record<string, object> = {
  'another name': { name: 'isolation-forest' },
  'another version': { version: 2 },
  'no date': { trainedAt: 5 },
  'a date as long as a book': { trainedAt: 'x'.repeat(1e6) },
  'no windows': { windows: 0 },
  'half a window': { windows: 1.5 },
  'no metrics': { metrics: [] },
  'nine metrics': { metrics: Array(9).fill('a') },
  'metrics that are no names': { metrics: [1, 2] },
  'one metric too few for its weights': { metrics: ['metric0'] },
  'a list that only looks like one': { metrics: { length: 2, 0: 'a', 1: 'b' } },
  'a threshold of 0': { threshold: 0 },
  'a threshold below 0': { threshold: -1 },
  'a threshold that is no number': { threshold: null },
  'a seed below 0': { seed: -1 },
  'a loss that is no number': { loss: 'low' },
  'no settings': { settings: null },
  'no units': setting({ hidden: 0 }),
  'a billion units': setting({ hidden: 1e9 }),
  'other units than its weights': setting({ hidden: 5 }),
  'a wrong latent size': setting({ latent: 2.5 }),
  'no epochs': setting({ epochs: undefined }),
  'no scaling': { scaling: [] },
  'a scale of 0': { scaling: [{ centre: 0, scale: 0 }, kept.scaling[1]] },
  'a centre that is no number': { scaling: [{ centre: null, scale: 1 }, kept.scaling[1]] },
  'too few weights': { weights: kept.weights.slice(1) },
  'too many weights': { weights: [...kept.weights, 0] },
  'a weight that is none': { weights: [null, ...kept.weights.slice(1)] },
  'a weight as text': { weights: ['1', ...kept.weights.slice(1)] },
  'a huge weight': { weights: [1e300, ...kept.weights.slice(1)] },
  'gaps for weights': { weights: Array(kept.weights.length) },
  'too few numbers to weigh errors': { whitening: [1] },
  'numbers to weigh errors that are none': { whitening: [Number.NaN, 0, 0, 1] },
};
for (const [what, fields] of Object.entries(wrong)) {
  test(`a file with ${what} is no model`, () => assert.equal(fromJson({ ...kept, ...fields }), null));
}

test('each field is needed', () => {
  for (const field of Object.keys(kept)) {
    const { [field]: _, ...rest } = kept;
    assert.equal(fromJson(rest), null, field);
  }
  for (const data of [null, undefined, 1, 'lstm-autoencoder', [], [kept], {}])
    assert.equal(fromJson(data), null);
});

test('a name such as __proto__ in a file changes nothing', () => {
  const text = JSON.stringify(kept).replace('{', '{"__proto__":{"polluted":true},');
  assert.deepEqual(fromJson(JSON.parse(text)), model);
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
});
