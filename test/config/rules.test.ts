import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleFor, rulesWith } from '../../src/config/rules.ts';
import { settings } from './given.ts';

const FILE = `
modules: {a: {command: x}, b: {command: x}, c: {command: x}}
detection:
  threshold: 20
  window: 4
  floors: {rows: 7}
  modules:
    a:
      threshold: 40
      recoveryRuns: 2
      floors: {memoryMb: 50}
      metrics:
        rows: {threshold: 0, floor: 0, window: 9}
        noise: {judge: false}
        constructor: {threshold: 1}
    b: {judge: false, metrics: {rows: {judge: true}}}
`;

test('the rule of a metric is over that of its module, and that over the one for all', async t => {
  const { detection } = await settings(t, FILE);
  const rule = (module: string, metric: string) => ruleFor(detection, module, metric);
  assert.deepEqual(rule('c', 'runtimeSeconds'), {
    thresholdPercent: 20,
    window: 4,
    recoveryRuns: 3,
    floor: 0.05,
  });
  assert.deepEqual(rule('c', 'rows'), { thresholdPercent: 20, window: 4, recoveryRuns: 3, floor: 7 });
  assert.deepEqual(rule('c', 'unknown'), { thresholdPercent: 20, window: 4, recoveryRuns: 3, floor: 0 });
  assert.deepEqual(rule('a', 'memoryMb'), { thresholdPercent: 40, window: 4, recoveryRuns: 2, floor: 50 });
  assert.deepEqual(rule('a', 'cpuPercent'), { thresholdPercent: 40, window: 4, recoveryRuns: 2, floor: 5 });
  assert.deepEqual(rule('a', 'rows'), { thresholdPercent: 0, window: 9, recoveryRuns: 2, floor: 0 });
});

test('what is not to be judged has no rule', async t => {
  const { detection } = await settings(t, FILE);
  assert.equal(ruleFor(detection, 'a', 'noise'), null);
  assert.equal(ruleFor(detection, 'b', 'runtimeSeconds'), null);
  assert.deepEqual(ruleFor(detection, 'b', 'rows'), {
    thresholdPercent: 20,
    window: 4,
    recoveryRuns: 3,
    floor: 7,
  });
});

test('names that every object carries mean nothing by themselves', async t => {
  const { detection } = await settings(t, FILE);
  const plain = { thresholdPercent: 20, window: 4, recoveryRuns: 3, floor: 0 };
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', '']) {
    assert.deepEqual(ruleFor(detection, 'c', name), plain);
    assert.deepEqual(ruleFor(detection, name, 'x'), plain);
  }
  assert.equal(ruleFor(detection, 'a', 'constructor')?.thresholdPercent, 1);
});

test('a module can have one floor for all its metrics', async t => {
  const { detection } = await settings(t, FILE);
  const modules = { c: { floor: 3, floors: { rows: 1 }, metrics: {} } };
  assert.equal(ruleFor({ ...detection, modules }, 'c', 'memoryMb')?.floor, 3);
  assert.equal(ruleFor({ ...detection, modules }, 'c', 'rows')?.floor, 1);
});

test('a fixed baseline is looked up where the metric, its module or all of detection asks for one', async t => {
  const rules = async (text: string) => {
    const { detection } = await settings(
      t,
      `modules: {a: {command: x}, b: {command: x}}\ndetection: ${text}`,
    );
    return (module: string, metric: string) =>
      rulesWith((of: string, name: string) => (of === 'a' && name !== 'cpuPercent' ? 7 : null))(
        detection,
        module,
        metric,
      );
  };
  const all = await rules(
    '{ baseline: fixed, modules: { a: { metrics: { memoryMb: { baseline: rolling } } } } }',
  );
  assert.equal(all('a', 'runtimeSeconds')?.fixedBaseline, 7);
  assert.equal(all('a', 'memoryMb')?.fixedBaseline, undefined);
  assert.equal(all('a', 'cpuPercent')?.fixedBaseline, null, 'none was set');
  assert.equal(all('b', 'runtimeSeconds')?.fixedBaseline, null);
  const one = await rules('{ modules: { a: { baseline: fixed, metrics: { rows: { judge: false } } } } }');
  assert.equal(one('a', 'runtimeSeconds')?.fixedBaseline, 7);
  assert.equal(one('a', 'rows'), null);
  assert.equal(one('b', 'runtimeSeconds')?.fixedBaseline, undefined);
});

test('what the system counts beside is judged only where a rule or a floor names it', async t => {
  const { detection } = await settings(
    t,
    `
modules: {a: {command: x}, b: {command: x}, c: {command: x}, d: {command: x}}
detection:
  modules:
    a: {judge: true, threshold: 50}
    b:
      floors: {diskWrittenMb: 1}
      metrics: {diskReadMb: {judge: true}, contextSwitches: {threshold: 100}}
    c: {judge: false, floors: {diskReadMb: 1}, metrics: {diskWrittenMb: {floor: 2}, contextSwitches: {judge: true}}}
    d: {metrics: {diskReadMb: {judge: false, threshold: 1}}}
`,
  );
  const judged = (module: string, part = {}) =>
    ['diskReadMb', 'diskWrittenMb', 'contextSwitches'].map(
      metric => ruleFor({ ...detection, ...part }, module, metric) !== null,
    );
  assert.deepEqual(judged('a'), [false, false, false]);
  assert.deepEqual(judged('b'), [true, true, true]);
  assert.deepEqual(judged('c'), [false, false, true]);
  assert.deepEqual(judged('d'), [false, false, false]);
  const floors = { ...detection.floors, diskReadMb: 10 };
  assert.deepEqual(judged('a', { floors }), [true, false, false]);
  assert.deepEqual(judged('d', { floors }), [false, false, false]);
  assert.equal(ruleFor(detection, 'b', 'contextSwitches')?.thresholdPercent, 100);
  assert.equal(ruleFor(detection, 'b', 'diskWrittenMb')?.floor, 1);
});

test('setup, cleanup and throughput are judged like any metric', async t => {
  const { detection } = await settings(t, FILE);
  const floors = ['setupSeconds', 'cleanupSeconds', 'samplesPerSecond'].map(
    metric => ruleFor(detection, 'c', metric)?.floor,
  );
  assert.deepEqual(floors, [0.05, 0.05, 0]);
});
