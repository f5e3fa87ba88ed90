import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forestToOnnx } from '../../../src/detect/forest/onnx.ts';
import { forestDefaults } from '../../../src/detect/forest/settings.ts';
import { scoreOfRow, type TrainedForest } from '../../../src/detect/forest/trained.ts';
import { beginIsolationForest } from '../../../src/detect/isolation-forest.ts';
import { seededRandom } from '../../../src/stats/random.ts';
import { onnxRuntime } from '../../helpers/onnx-runtime.ts';
import { normalRows } from './rows.ts';

const runtime = await onnxRuntime();
const skip = runtime === null ? 'onnxruntime-web is not installed' : false;

function trainedOn(rows: (number | null)[][], metrics: number): TrainedForest {
  const model = beginIsolationForest({}, metrics);
  for (const values of rows) model.next({ timeMs: null, values });
  const trained = model.trained();
  assert.ok(trained !== null);
  return trained;
}

function exported(trained: TrainedForest, metrics: string[]): Uint8Array {
  const settings = forestDefaults(metrics.length);
  return forestToOnnx(trained, { trainedAt: '2026-11-20T12:00:00.000Z', metrics, settings });
}

/** Has the exported forest judge the rows, and compares. */
async function compare(trained: TrainedForest, model: Uint8Array, rows: Float32Array[]): Promise<number[]> {
  const features = trained.forest.features;
  const data = Float32Array.from(rows.flatMap(row => [...row]));
  const outputs = await runtime?.run(model, { values: { dims: [rows.length, features], data } });
  const { score, label } = outputs ?? {};
  assert.deepEqual([score?.dims, label?.dims], [[rows.length], [rows.length]]);
  rows.forEach((row, at) => {
    const own = scoreOfRow(trained, row);
    assert.ok(Math.abs(own - (score?.data[at] ?? Number.NaN)) < 1e-6, `${own} and ${score?.data[at]}`);
    if (Math.abs(own - trained.threshold) > 1e-6)
      assert.equal(label?.data[at], own > trained.threshold ? 1 : 0);
  });
  return label?.data ?? [];
}

test('an exported forest scores as ours does, with gaps and far off values', { skip }, async () => {
  const random = seededRandom(1);
  const withGaps = (rows: number[][]) =>
    rows.map(row => row.map((value, metric) => (random() < 0.1 ? null : 10 ** metric * (50 + value))));
  const trained = trainedOn(withGaps(normalRows(700, 4, random)), 4);
  const odd = normalRows(500, 4, random).map(row => row.map(value => (random() < 0.2 ? 20 * value : value)));
  const rows = withGaps([...normalRows(500, 4, random), ...odd]).map(row =>
    Float32Array.from(row, value => value ?? Number.NaN),
  );
  const labels = await compare(trained, exported(trained, ['a', 'b', 'c', 'd']), rows);
  assert.ok(labels.includes(0) && labels.includes(1));
});

test('a value decides alike on both sides of each threshold, and on it', { skip }, async () => {
  const random = seededRandom(2);
  const trained = trainedOn(
    normalRows(300, 2, random).map(row => row.map(value => 1e7 + 3 * value)),
    2,
  );
  const thresholds = [...trained.forest.thresholds].filter(Number.isFinite).slice(0, 200);
  const rows = thresholds.flatMap(threshold =>
    [threshold, nextFloat(threshold, 1), nextFloat(threshold, -1)].map(value =>
      Float32Array.of(value, value),
    ),
  );
  await compare(trained, exported(trained, ['a', 'b']), rows);
});

test('a forest of few runs, and one of a lone metric, can be exported', { skip }, async () => {
  const few = trainedOn(normalRows(5, 3, seededRandom(3)), 3);
  await compare(few, exported(few, ['a', 'b', 'c']), [Float32Array.of(0, 1, 2), Float32Array.of(9, 9, 9)]);
  const lone = trainedOn(normalRows(200, 1, seededRandom(4)), 1);
  await compare(lone, exported(lone, ['a']), [Float32Array.of(0, 0, 0), Float32Array.of(9, 9, 9)]);
});

test('an exported forest is small', () => {
  const trained = trainedOn(normalRows(600, 4, seededRandom(5)), 4);
  const { length } = exported(trained, ['a', 'b', 'c', 'd']);
  assert.ok(length > 10_000 && length < 500_000, `${length} bytes`);
});

/** The float32 above or below another one. */
function nextFloat(value: number, step: 1 | -1): number {
  const floats = Float32Array.of(value);
  const bits = new Int32Array(floats.buffer);
  bits[0] = (bits[0] ?? 0) + (value > 0 ? step : -step);
  return floats[0] ?? Number.NaN;
}
