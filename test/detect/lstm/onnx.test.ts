import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LSTM_SETTINGS, networkOf, type TrainedLstm } from '../../../src/detect/lstm/model.ts';
import { reconstruct, WINDOW } from '../../../src/detect/lstm/network.ts';
import { lstmOnnx } from '../../../src/detect/lstm/onnx.ts';
import { scaled } from '../../../src/detect/lstm/scaling.ts';
import { train } from '../../../src/detect/lstm/train.ts';
import type { Row } from '../../../src/detect/lstm/windows.ts';
import { beginLstm } from '../../../src/detect/lstm-autoencoder.ts';
import { onnxRuntime } from '../../helpers/onnx-runtime.ts';
import { pairSeries, requestFor } from './series.ts';

const runtime = await onnxRuntime();
const options = { skip: runtime === null ? 'onnxruntime-web is not installed' : false };

/**
 * The runtime reckons in floats of 32 bits, relative error 6e-8 at each step, and has its own exp and tanh; 32 steps and some thousand sums
 * leave about 1e-6 (seen: 1e-6 of a score). A wrong gate, order or bias would be off by 0.1 and more.
 */
const TOLERANCE = 2e-5;

const near = (found: number | undefined, expected: number | null): boolean =>
  expected !== null &&
  found !== undefined &&
  Math.abs(found - expected) <= TOLERANCE * Math.max(1, Math.abs(expected));

function floatsOf(rows: readonly Row[], metrics: number): Float32Array {
  const count = rows.length - WINDOW + 1;
  const windows = Array.from({ length: count }, (_, from) => rows.slice(from, from + WINDOW)).flat();
  return Float32Array.from(
    windows.flatMap(row => Array.from({ length: metrics }, (_, m) => row[m] ?? Number.NaN)),
  );
}

/** What the network makes of one window, in the metrics' own units. */
function rebuilt(trained: TrainedLstm, window: readonly Row[]): number[] {
  const network = networkOf(trained);
  window.forEach((row, step) => {
    network.input[step]?.data.set(trained.scaling.map((scaling, metric) => scaled(row[metric], scaling)));
  });
  reconstruct(network);
  return network.output.flatMap(({ data }) =>
    trained.scaling.map(({ centre, scale }, metric) => centre + scale * (data[metric] ?? Number.NaN)),
  );
}

const histories: Record<string, Row[]> = {
  'of one metric': pairSeries(260, 230, 1).map(([first = null]) => [first]),
  'of two metrics that part': pairSeries(260, 230, 2),
  'of five metrics, with gaps and wild values': pairSeries(260, 260, 3).map(([a = null, b = null], index) => [
    a,
    index % 7 === 0 ? null : b,
    index % 50 === 0 ? 1e6 : index % 3,
    0,
    1_000 + 10 * Math.sin(index / 4),
  ]),
};
for (const [what, history] of Object.entries(histories)) {
  test(`the exported model of a history ${what} gives our numbers in another runtime`, options, async () => {
    const metrics = history[0]?.length ?? 0;
    const trained = train(requestFor(history.slice(0, 220), { ...LSTM_SETTINGS, epochs: 5 }));
    assert.ok(trained !== null && runtime !== null);
    const dims = [history.length - WINDOW + 1, WINDOW, metrics];
    const { score, error, reconstruction } = await runtime.run(lstmOnnx(trained), {
      window: { dims, data: floatsOf(history, metrics) },
    });
    assert.deepEqual([score?.dims, error?.dims, reconstruction?.dims], [[dims[0]], [dims[0]], dims]);
    const model = beginLstm(trained);
    history.forEach((values, index) => {
      const expected = model.next({ timeMs: null, values }).score;
      const window = index - WINDOW + 1;
      if (window < 0) return;
      assert.ok(near(score?.data[window], expected), `score ${score?.data[window]} for ${expected}`);
      const ratio = (error?.data[window] ?? 0) / trained.threshold;
      assert.ok(near(ratio / (1 + ratio), expected), `error of window ${window}`);
    });
    const perWindow = WINDOW * metrics;
    for (const window of [0, 100]) {
      const found = reconstruction?.data.slice(window * perWindow, (window + 1) * perWindow);
      const expected = rebuilt(trained, history.slice(window, window + WINDOW));
      expected.forEach((value, at) => {
        assert.ok(near(found?.[at], value), `reconstruction ${found?.[at]} for ${value}`);
      });
    }
  });
}

test('the file says what it is', () => {
  const trained = train(requestFor(pairSeries(220, 220, 1)));
  assert.ok(trained !== null);
  const text = new TextDecoder('latin1').decode(lstmOnnx(trained));
  for (const word of [
    'lstm-autoencoder',
    'trainedAt',
    '2026-01-02T03:04:05.000Z',
    'metric0, metric1',
    'threshold',
  ])
    assert.ok(text.includes(word), word);
});
