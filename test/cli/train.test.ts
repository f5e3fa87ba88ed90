import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { onnxRuntime } from '../helpers/onnx-runtime.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { anOwner, aRun, at, reopen } from '../store/fixtures.ts';
import { call } from './called.ts';

failOnLeaks();

/** A workspace with a history of so many runs of two modules. */
function workspace(t: TestContext, count: number): string {
  const root = temporaryFolder(t);
  writeFileSync(
    join(root, 'watchkeeper.yaml'),
    'modules: { collector: { command: x }, quiet: { command: y } }\n',
  );
  const store = reopen(join(root, 'data'));
  store.claim(anOwner());
  const random = seededRandom(1);
  for (let index = 0; index < count; index += 1) {
    const load = Math.exp(0.1 * gaussian(random));
    const time = { startedAt: at(index), endedAt: at(index + 0.5) };
    const figures = {
      runtimeSeconds: load,
      cpuPercent: 50 + 5 * load,
      memoryMb: 80 + 20 * load,
      apiLatencySeconds: null,
    };
    store.recordRun(aRun({ id: `run-${index}`, module: 'collector', ...time, ...figures, custom: {} }), null);
  }
  store.recordRun(aRun({ id: 'alone', module: 'quiet', custom: {} }), null);
  store.close();
  return root;
}

test('all models are trained from the history, and kept as JSON and as ONNX', async t => {
  const root = workspace(t, 260);
  const { code, stdout } = await call('train', '--root', root);
  assert.equal(code, 0);
  assert.match(stdout, /^collector +260 +\d+ runs +\d+ windows, loss 0\.\d+ +4$/m);
  assert.match(
    stdout,
    /^quiet +1 +needs 5 runs and two metrics +needs more than 200 runs that succeeded +0$/m,
  );
  assert.match(stdout, /kept in data\/models\/, as JSON and as ONNX/);
  assert.deepEqual(readdirSync(join(root, 'data', 'models', 'collector')).sort(), [
    ...['isolation-forest.json', 'isolation_forest.onnx', 'lstm-autoencoder.json', 'lstm_autoencoder.onnx'],
  ]);
});

test('the exported forest is run by another program, which agrees on what is unusual', async t => {
  const runtime = await onnxRuntime();
  if (runtime === null) return t.skip('onnxruntime-web is not installed');
  const root = workspace(t, 120);
  await call('train', 'collector', '--root', root);
  const model = readFileSync(join(root, 'data', 'models', 'collector', 'isolation_forest.onnx'));
  const data = Float32Array.of(1, 55, 100, 30, 900, 5);
  const { score } = await runtime.run(model, { values: { dims: [2, 3], data } });
  const [usual = 1, odd = 0] = score?.data ?? [];
  assert.ok(odd > usual + 0.1, `${usual} ${odd}`);
});

test('--json tells what was made, and of what', async t => {
  const root = workspace(t, 30);
  const { code, stdout } = await call('train', 'collector', '--json', '--root', root);
  assert.equal(code, 0);
  const [only, ...more] = JSON.parse(stdout);
  assert.deepEqual(more, []);
  assert.deepEqual([only.module, only.runs, only.lstmAutoencoder], ['collector', 30, null]);
  assert.ok(only.isolationForest.observations >= 5 && only.isolationForest.threshold > 0);
  assert.equal(only.files.length, 2);
});

test('a module that is not known is refused, and a workspace without a history', async t => {
  const root = workspace(t, 1);
  const unknown = await call('train', 'collectr', '--root', root);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /there is no module 'collectr'.*collector/s);
  const empty = await call('train', '--root', temporaryFolder(t));
  assert.equal(empty.code, 4);
  assert.match(empty.stderr, /holds no history/);
});
