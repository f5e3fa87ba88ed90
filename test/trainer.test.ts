import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fromJson as forestFrom } from '../src/detect/forest/saved.ts';
import { fromJson as lstmFrom } from '../src/detect/lstm/model-json.ts';
import { Detection } from '../src/detection.ts';
import type { DetectionSettings } from '../src/glossary/detection-settings.ts';
import type { AnomalyEvent } from '../src/glossary/event.ts';
import type { Run } from '../src/glossary/run.ts';
import { gaussian, seededRandom } from '../src/stats/random.ts';
import { ModelFiles } from '../src/store/models.ts';
import type { Store } from '../src/store/store.ts';
import { Trainer } from '../src/trainer.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { until } from './helpers/until.ts';
import { aRun, aStore, at, clock, START_MS } from './store/fixtures.ts';
import { DETECTION } from './supervise/played.ts';

failOnLeaks();

interface Trained {
  store: Store;
  data: string;
  detection: Detection;
  trainer: Trainer;
  warnings: string[];
}

function trained(t: TestContext): Trained {
  const { store, data } = aStore(t);
  const warnings: string[] = [];
  const files = new ModelFiles(data, () => START_MS);
  const trainer = new Trainer({
    store,
    files,
    clock,
    warn: message => void warnings.push(message),
    lasts: true,
  });
  t.after(() => trainer.close());
  return { store, data, detection: new Detection(store, trainer), trainer, warnings };
}

/** Runs with two metrics that move together. */
function* runs(): Generator<Run> {
  const random = seededRandom(3);
  for (let index = 0; ; index += 1) {
    const load = Math.exp(0.1 * gaussian(random));
    yield aRun({
      ...{ id: `run-${index}`, module: 'collector', startedAt: at(index), endedAt: at(index + 0.5) },
      ...{
        runtimeSeconds: load,
        cpuPercent: 50,
        memoryMb: 100 * load,
        apiLatencySeconds: null,
        custom: { rows: 1000 * load },
      },
    });
  }
}

function play(
  { store, detection }: Trained,
  source: Iterator<Run>,
  count: number,
  settings: DetectionSettings,
): void {
  for (let index = 0; index < count; index += 1) {
    const run: Run = source.next().value;
    detection.assess(run, [], settings);
    store.recordRun(run, null);
  }
}

const json = (data: string, file: string): unknown =>
  JSON.parse(readFileSync(join(data, 'models', 'collector', file), 'utf8'));

test('the isolation forest is written each so many runs, as JSON and as ONNX', async t => {
  const all = trained(t);
  const source = runs();
  const settings = { ...DETECTION, modelUpdateInterval: 20 };
  play(all, source, 20, settings);
  const path = join(all.data, 'models', 'collector', 'isolation_forest.onnx');
  assert.equal(existsSync(path), false);
  play(all, source, 1, settings);
  await until('it is written', () => existsSync(path));
  const saved = forestFrom(json(all.data, 'isolation-forest.json'));
  assert.deepEqual(saved?.about.metrics, ['runtimeSeconds', 'cpuPercent', 'memoryMb', 'rows']);
  assert.equal(saved?.about.trainedAt, at(0));
  assert.deepEqual(all.warnings, []);
});

test('over 200 runs the LSTM autoencoder is trained, kept, given a vote, and is there after a restart', async t => {
  const all = trained(t);
  const source = runs();
  const settings = { ...DETECTION, lstm: true };
  play(all, source, 202, settings);
  const path = join(all.data, 'models', 'collector', 'lstm_autoencoder.onnx');
  await until('it is trained', () => existsSync(path), 60_000);
  const model = lstmFrom(json(all.data, 'lstm-autoencoder.json'));
  assert.deepEqual(model?.metrics, ['runtimeSeconds', 'cpuPercent', 'memoryMb', 'rows']);

  const again = new Trainer({
    store: all.store,
    files: new ModelFiles(all.data, () => START_MS),
    clock,
    warn: () => {},
    lasts: true,
  });
  t.after(() => again.close());
  const run: Run = source.next().value;
  const odd = { ...run, runtimeSeconds: 30, custom: { rows: 5 } };
  const event = { ...ANOMALY, run: odd.id };
  const [assessed] = new Detection(all.store, again).assess(odd, [event], settings).events;
  assert.ok((assessed?.votes?.['lstm-autoencoder'] ?? 0) > 0.5, JSON.stringify(assessed?.votes));
});

test('with lstm: false there is none, and no thread is started', async t => {
  const all = trained(t);
  play(all, runs(), 202, { ...DETECTION, lstm: false, modelUpdateInterval: 1000 });
  await all.trainer.close();
  assert.equal(existsSync(join(all.data, 'models')), false);
});

test('a supervisor that ends does not wait for a training', async t => {
  const all = trained(t);
  play(all, runs(), 202, { ...DETECTION, lstm: true, modelUpdateInterval: 1000 });
  await all.trainer.close();
  assert.equal(existsSync(join(all.data, 'models', 'collector', 'lstm-autoencoder.json')), false);
});

test('models that cannot be written are told once, and the runs go on', async t => {
  const all = trained(t);
  const source = runs();
  const settings = { ...DETECTION, modelUpdateInterval: 5 };
  play(all, source, 1, settings);
  const broken = new ModelFiles(join(all.data, 'watchkeeper.db'), () => START_MS);
  const warnings: string[] = [];
  const trainer = new Trainer({
    store: all.store,
    files: broken,
    clock,
    warn: message => void warnings.push(message),
    lasts: true,
  });
  const detection = new Detection(all.store, trainer);
  play({ ...all, detection }, source, 20, settings);
  await until('it is told', () => warnings.length > 0);
  play({ ...all, detection }, source, 20, settings);
  await trainer.close();
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /the models of collector could not be made anew, and will be later: /);
});

test('a damaged model is as good as none', t => {
  const all = trained(t);
  new ModelFiles(all.data, () => START_MS).write('collector', 'lstm-autoencoder.json', '{}');
  writeFileSync(join(all.data, 'models', 'collector', 'lstm-autoencoder.json'), '{"weights":');
  play(all, runs(), 3, { ...DETECTION, lstm: true });
  assert.deepEqual(all.warnings, []);
});

test('a models folder that cannot be read is told, and the runs go on', t => {
  const all = trained(t);
  writeFileSync(join(all.data, 'models'), 'no folder');
  play(all, runs(), 3, { ...DETECTION, lstm: true });
  assert.equal(all.warnings.length, 1);
  assert.match(all.warnings[0] ?? '', /must be a folder/);
});

test('nothing is written after the end', async t => {
  const all = trained(t);
  const settings = { ...DETECTION, lstm: false, modelUpdateInterval: 20 };
  play(all, runs(), 21, settings);
  await all.trainer.close();
  await new Promise(resolve => setImmediate(resolve));
  assert.equal(existsSync(join(all.data, 'models')), false);
});

test('each model that fails is told once, whatever else succeeds', async t => {
  const all = trained(t);
  const files = new ModelFiles(all.data, () => START_MS);
  const write = files.write.bind(files);
  let kept = 0;
  files.write = (module, file, content) => {
    if (module === 'broken') throw new Error('no room');
    kept += 1;
    return write(module, file, content);
  };
  const warnings: string[] = [];
  const parts = {
    store: all.store,
    files,
    clock,
    lasts: true,
    warn: (message: string) => void warnings.push(message),
  };
  const trainer = new Trainer(parts);
  t.after(() => trainer.close());
  const detection = new Detection(all.store, trainer);
  const settings = { ...DETECTION, lstm: false, modelUpdateInterval: 10 };
  const source = runs();
  for (let round = 1; round <= 3; round += 1) {
    for (let index = 0; index < 11; index += 1) {
      const run: Run = source.next().value;
      detection.assess({ ...run, id: `${run.id}-b`, module: 'broken' }, [], settings);
      detection.assess(run, [], settings);
    }
    await until('the other one is kept', () => kept >= 2 * round);
  }
  assert.equal(warnings.length, 1);
});

const ANOMALY: AnomalyEvent = {
  ...{
    time: at(0),
    event: 'anomaly',
    message: 'm',
    module: 'collector',
    metric: 'runtimeSeconds',
    value: 30,
  },
  ...{
    baseline: 1,
    deviationPercent: 2900,
    thresholdPercent: 25,
    direction: 'above',
    run: 'r',
    iteration: 1,
  },
  ...{ incident: 'i', runsOpen: 0 },
};

test('a forest that was kept counts on from there after a restart, with the runs since', async t => {
  const all = trained(t);
  const source = runs();
  const settings = { ...DETECTION, modelUpdateInterval: 20 };
  play(all, source, 21, settings);
  const path = join(all.data, 'models', 'collector', 'isolation-forest.json');
  await until('it is written', () => existsSync(path));
  const first = readFileSync(path, 'utf8').replace(at(0), at(20.6)); // the clock of the test stands still
  writeFileSync(path, first);
  const files = new ModelFiles(all.data, () => START_MS);
  const again = new Trainer({ store: all.store, files, clock, warn: () => {}, lasts: false });
  t.after(() => again.close());
  const detection = new Detection(all.store, again);
  play({ ...all, detection }, source, 19, settings);
  await again.close();
  assert.equal(readFileSync(path, 'utf8'), first);
  const last = new Trainer({ store: all.store, files, clock, warn: () => {}, lasts: false });
  t.after(() => last.close());
  play({ ...all, detection: new Detection(all.store, last) }, source, 1, settings);
  await until('it is written anew', () => readFileSync(path, 'utf8') !== first);
});
