import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { averagesOf } from '../../src/store/averages.ts';
import { PerformanceFile } from '../../src/store/performance.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { aRun, aStore, at } from './fixtures.ts';
import { assertValid } from './schemas.ts';

failOnLeaks();

test('performance.json has the shape of the format, one run on one line', t => {
  const { store, data } = aStore(t);
  store.recordRun(aRun({ id: 'A' }), null);
  store.recordRun(aRun({ id: 'B', outcome: 'error', exitCode: 1, reason: 'ended with exit code 1' }), null);
  store.recordRun(
    aRun({ id: 'C', module: 'backtester', api: null, apiLatencySeconds: null, custom: {} }),
    null,
  );
  new PerformanceFile(store, data).write(at(9), 100);
  const text = readFileSync(join(data, 'performance.json'), 'utf8');
  const value = JSON.parse(text);
  assertValid('performance', value);
  assert.equal(statSync(join(data, 'performance.json')).mode & 0o777, 0o600);
  assert.deepEqual(Object.keys(value), ['version', 'updatedAt', 'historySize', 'modules']);
  assert.deepEqual(Object.keys(value.modules), ['backtester', 'collector']);
  const { collector } = value.modules;
  assert.deepEqual([collector.successCount, collector.errorCount, collector.restartCount], [1, 1, 0]);
  const averages = { runtimeSeconds: 0.43, cpuPercent: 71.2, memoryMb: 62.1, apiLatencySeconds: 0.063 };
  assert.deepEqual(collector.averages, averages);
  assert.deepEqual(Object.keys(collector.runs[0]), [
    ...['id', 'iteration', 'trigger', 'attempt', 'startedAt', 'endedAt', 'outcome', 'exitCode', 'signal'],
    ...['runtimeSeconds', 'cpuSeconds', 'cpuPercent', 'memoryMb', 'apiLatencySeconds', 'api', 'custom'],
    'revision',
  ]);
  assert.equal(collector.runs[1].reason, 'ended with exit code 1');
  const runLines = text.split('\n').filter(line => line.includes('"id":'));
  assert.deepEqual(
    runLines.map(line => JSON.parse(line.replace(/^\s*,?/, '')).id),
    ['C', 'A', 'B'],
  );
});

test('a workspace without runs has a valid file', t => {
  const { store, data } = aStore(t);
  new PerformanceFile(store, data).write(at(0), 100);
  const value = JSON.parse(readFileSync(join(data, 'performance.json'), 'utf8'));
  assertValid('performance', value);
  assert.deepEqual(value.modules, {});
});

test('a further run adds one line to the file and changes no other run', t => {
  const { store, data } = aStore(t);
  const file = new PerformanceFile(store, data);
  const lines = (): string[] => {
    file.write(at(0), 100);
    return readFileSync(join(data, 'performance.json'), 'utf8').split('\n');
  };
  store.recordRun(aRun(), null);
  const before = lines();
  store.recordRun(aRun(), null);
  const added = lines().filter(line => !before.includes(line));
  assert.equal(added.filter(line => line.includes('"id":')).length, 1);
});

test('the newest runs are kept, the counts go on', t => {
  const { store, data } = aStore(t);
  const file = new PerformanceFile(store, data);
  for (let run = 1; run <= 8; run += 1) {
    store.recordRun(aRun({ id: `R${run}`, runtimeSeconds: run }), null);
    file.write(at(run), 5);
  }
  const { modules, historySize } = JSON.parse(readFileSync(join(data, 'performance.json'), 'utf8'));
  assert.equal(historySize, 5);
  assert.deepEqual(
    modules.collector.runs.map(({ id }: { id: string }) => id),
    ['R4', 'R5', 'R6', 'R7', 'R8'],
  );
  assert.equal(modules.collector.successCount, 8);
  assert.equal(modules.collector.averages.runtimeSeconds, 6);
  assert.equal(file.averages()['collector']?.runtimeSeconds, 6);
});

test('the same store gives the same bytes, written step by step or at once', t => {
  const { store, data } = aStore(t);
  const path = join(data, 'performance.json');
  const file = new PerformanceFile(store, data);
  for (const module of ['b', 'a', 'b', 'c', 'a']) {
    store.recordRun(aRun({ module }), null);
    file.write(at(5), 3);
  }
  const steps = readFileSync(path);
  rmSync(path);
  new PerformanceFile(store, data).write(at(5), 3);
  assert.deepEqual(readFileSync(path), steps);
  file.write(at(5), 1);
  assert.equal(JSON.parse(readFileSync(path, 'utf8')).modules.b.runs.length, 1, 'a new history size counts');
});

test('modules stand in the order of the configuration, the others after them by name, whenever they were first seen', t => {
  const { store, data } = aStore(t);
  const file = new PerformanceFile(store, data);
  const shown = (order?: string[]): string[] => {
    assert.deepEqual(file.write(at(0), 100, order), []);
    return Object.keys(JSON.parse(readFileSync(join(data, 'performance.json'), 'utf8')).modules);
  };
  for (const module of ['zeta', 'collector', 'alpha', 'backtester']) {
    store.recordRun(aRun({ module }), null);
    shown(['collector', 'backtester']);
  }
  assert.deepEqual(shown(['collector', 'backtester']), ['collector', 'backtester', 'alpha', 'zeta']);
  assert.deepEqual(Object.keys(file.averages()), ['collector', 'backtester', 'alpha', 'zeta']);
  assert.deepEqual(shown(['unknown', 'zeta']), ['zeta', 'alpha', 'backtester', 'collector']);
  assert.deepEqual(shown(), ['alpha', 'backtester', 'collector', 'zeta']);
});

test('what somebody else left in the place of the file is set aside where it is damaged, and said; else replaced', t => {
  const { store, data } = aStore(t);
  const path = join(data, 'performance.json');
  const file = new PerformanceFile(store, data);
  store.recordRun(aRun(), null);
  assert.deepEqual(file.write(at(0), 100), []);
  const good = readFileSync(path, 'utf8');
  for (const [index, text] of ['', good.slice(0, -20), 'null', 'conflict\n', '\0'.repeat(5000)].entries()) {
    writeFileSync(path, text);
    const [message, ...more] = file.write(at(index), 100);
    const [, aside = ''] = /set aside as (.*)$/.exec(message ?? '') ?? [];
    assert.deepEqual([readFileSync(aside, 'utf8'), more], [text, []]);
    assert.deepEqual(file.write(at(index), 100), [], 'nothing is damaged any more');
  }
  writeFileSync(path, good);
  assert.deepEqual(file.write(at(9), 100), [], 'an older one, as git may have put it there');
  writeFileSync(path, good.slice(0, -20));
  const [atStart] = new PerformanceFile(store, data).write(at(9), 100);
  assert.match(atStart ?? '', /^performance\.json was damaged.*set aside as /);
});

test('averages are over the ok runs that have a value, and null without one', () => {
  const runs = [
    aRun({ runtimeSeconds: 1, apiLatencySeconds: null, memoryMb: null }),
    aRun({ runtimeSeconds: 2, apiLatencySeconds: 0.1, memoryMb: null }),
    aRun({ runtimeSeconds: 60, outcome: 'timeout' }),
  ];
  const averages = averagesOf(runs);
  assert.equal(averages.runtimeSeconds, 1.5);
  assert.equal(averages.apiLatencySeconds, 0.1);
  assert.equal(averages.memoryMb, null);
  assert.equal(averagesOf([]).runtimeSeconds, null);
});

test('a link or a folder in the place of the file is set aside, and said', t => {
  const { store, data } = aStore(t);
  const path = join(data, 'performance.json');
  const file = new PerformanceFile(store, data);
  for (const make of [() => symlinkSync('/nonexistent', path), () => mkdirSync(path)]) {
    make();
    const [message] = file.write(at(0), 5);
    assert.match(message ?? '', /set aside as .*performance\.json\.damaged-/);
    assert.ok(existsSync(path));
    rmSync(path);
  }
});
