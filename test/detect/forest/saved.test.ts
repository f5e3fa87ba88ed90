import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromJson, type SavedForest, toJson } from '../../../src/detect/forest/saved.ts';
import { forestDefaults } from '../../../src/detect/forest/settings.ts';
import { beginIsolationForest } from '../../../src/detect/isolation-forest.ts';
import { seededRandom } from '../../../src/stats/random.ts';
import { normalRows } from './rows.ts';

const SETTINGS = { ...forestDefaults(3), trees: 5, sampleSize: 32 };
const ABOUT = { trainedAt: '2026-11-20T12:00:00.000Z', metrics: ['a', 'b', 'c'], settings: SETTINGS };

function savedForest(): SavedForest {
  const model = beginIsolationForest(SETTINGS, 3);
  for (const values of normalRows(100, 3, seededRandom(1))) model.next({ timeMs: null, values });
  const trained = model.trained();
  assert.ok(trained !== null);
  return JSON.parse(JSON.stringify(toJson(trained, ABOUT)));
}

test('a forest comes back from its JSON as it was', () => {
  const saved = savedForest();
  const read = fromJson(saved);
  assert.ok(read !== null);
  assert.deepEqual(read.about, ABOUT);
  assert.deepEqual(toJson(read.trained, read.about), saved);
});

test('a model goes on with a forest that was saved', () => {
  const saved = savedForest();
  const begin = () => beginIsolationForest(SETTINGS, 3, fromJson(saved)?.trained ?? null);
  const opinions = [
    [0, 0, 0],
    [9, -9, 9],
    [null, 0, null],
  ].map(values => begin().next({ timeMs: null, values }).score ?? Number.NaN);
  const [usual = 1, odd = 0, partial = 1] = opinions;
  assert.ok(usual < 0.3 && partial < 0.3 && odd > 0.5, opinions.join(' '));
});

test('a forest for other metrics is not used', () => {
  const trained = fromJson(savedForest())?.trained ?? null;
  assert.equal(
    beginIsolationForest(SETTINGS, 4, trained).next({ timeMs: null, values: [1, 2, 3, 4] }).score,
    null,
  );
});

const replacements: [what: string, change: (saved: Record<string, unknown>) => unknown][] = [
  ['another name', saved => ({ ...saved, name: 'lstm-autoencoder' })],
  ['a newer version', saved => ({ ...saved, version: 2 })],
  ['no time', saved => ({ ...saved, trainedAt: 'yesterday' })],
  ['a time that there is not', saved => ({ ...saved, trainedAt: '2026-13-45T12:00:00.000Z' })],
  ['no metrics', saved => ({ ...saved, metrics: [] })],
  ['another number of metrics', saved => ({ ...saved, metrics: ['a', 'b'] })],
  ['metrics without names', saved => ({ ...saved, metrics: [1, 2, 3] })],
  ['a median missing', saved => ({ ...saved, medians: [1, 2] })],
  ['a median beyond float32', saved => ({ ...saved, medians: [1, 2, 1e300] })],
  ['a median that is none', saved => ({ ...saved, medians: [1, 2, null] })],
  ['a threshold of text', saved => ({ ...saved, threshold: '0.5' })],
  ['a threshold below what is typical', saved => ({ ...saved, threshold: 0.001 })],
  ['a score above 1', saved => ({ ...saved, threshold: 2 })],
  ['a huge sample', saved => ({ ...saved, sampleSize: 2 ** 40 })],
  ['half a row', saved => ({ ...saved, sampleSize: 31.5 })],
  ['no observations', saved => ({ ...saved, observations: 0 })],
  ['no trees', saved => ({ ...saved, trees: [] })],
  ['too many trees', saved => ({ ...saved, trees: Array.from({ length: 100_000 }, () => [-1, 32]) })],
  ['a tree too few', saved => ({ ...saved, trees: (saved['trees'] as unknown[]).slice(1) })],
  ['settings missing', saved => ({ ...saved, settings: null })],
  ['a contamination of 1', saved => ({ ...saved, settings: { ...SETTINGS, contamination: 1 } })],
  ['an interval of 0', saved => ({ ...saved, settings: { ...SETTINGS, modelUpdateInterval: 0 } })],
];

for (const [what, change] of replacements) {
  test(`is no forest: ${what}`, () => assert.equal(fromJson(change({ ...savedForest() })), null));
}

const trees: [what: string, tree: unknown][] = [
  ['none', null],
  ['an object', { length: 2 }],
  ['empty', []],
  ['cut off', [0, 1.5, -1, 16]],
  ['something left over', [-1, 32, -1, 0]],
  ['too many rows', [0, 0, -1, 20, -1, 20]],
  ['too few rows', [-1, 31]],
  ['a negative size', [0, 0, -1, 33, -1, -1]],
  ['a metric that there is not', [3, 0, -1, 16, -1, 16]],
  ['half a metric', [0.5, 0, -1, 16, -1, 16]],
  ['a threshold that is no float32', [0, 0.1, -1, 16, -1, 16]],
  ['an infinite threshold', [0, Number.POSITIVE_INFINITY, -1, 16, -1, 16]],
  ['text', ['0', '1', '-1', '16', '-1', '16']],
  ['deeper than the forest', Array.from({ length: 20_000 }, () => 0)],
];

for (const [what, tree] of trees) {
  test(`is no tree: ${what}`, () => {
    const saved = savedForest();
    assert.equal(fromJson({ ...saved, trees: [tree, ...saved.trees.slice(1)] }), null);
  });
}

test('anything else is no forest', () => {
  for (const json of [
    null,
    undefined,
    1,
    'forest',
    [],
    {},
    [savedForest()],
    { name: 'isolation-forest', version: 1 },
  ]) {
    assert.equal(fromJson(json), null);
  }
});

test('damage to any one place of the file is survived', () => {
  const text = JSON.stringify(savedForest());
  const random = seededRandom(2);
  for (let round = 0; round < 500; round += 1) {
    const at = Math.floor(random() * text.length);
    const damaged = `${text.slice(0, at)}${'0-e9"[]{},x'[Math.floor(random() * 11)]}${text.slice(at + 1)}`;
    const read = fromJson(parsed(damaged));
    const score =
      read === null
        ? 0
        : beginIsolationForest({}, 3, read.trained).next({ timeMs: null, values: [1, 2, 3] }).score;
    assert.ok(score === null || (score >= 0 && score < 1));
  }
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // no JSON at all is for the reader of the file to say
  }
}
