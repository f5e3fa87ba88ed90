import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { BenchResult } from '../../src/glossary/benchmark.ts';
import { BenchSuite } from '../../src/store/bench-suites.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

failOnLeaks();

const NOW_MS = Date.UTC(2026, 10, 20);

function result(values: Partial<BenchResult> = {}): BenchResult {
  const machine = { cpu: 'A', cores: 2, memoryMb: 1000, system: 'Linux 6', node: 'v24.0.0' };
  return {
    ...{ module: 'a', time: '2026-11-20T12:00:00.000Z', revision: '9fceb02+', machine, warmup: 1 },
    values: { runtimeSeconds: [1, 2, 3] },
    ...values,
  };
}

const noWarning = (message: string): void => assert.fail(message);
const suiteIn = (data: string): BenchSuite => new BenchSuite(data, 'nightly', () => NOW_MS);

test('the last result of a module is what was kept last, whatever was kept of others', t => {
  const data = temporaryFolder(t);
  const suite = suiteIn(data);
  assert.equal(suite.begin('a', noWarning), null);
  suite.add(result(), noWarning);
  suite.add(result({ revision: null, values: { 'x.y': [0, -1] } }), noWarning);
  suite.add(result({ module: 'b' }), noWarning);
  assert.deepEqual(
    suiteIn(data).begin('a', noWarning),
    result({ revision: null, values: { 'x.y': [0, -1] } }),
  );
  assert.deepEqual(suiteIn(data).begin('b', noWarning), result({ module: 'b' }));
  assert.equal(suiteIn(data).begin('c', noWarning), null);
  assert.deepEqual(readdirSync(join(data, 'bench')), ['nightly.json']);
});

test('of each module the last 50 results stay, and of a metric the last 1,000 values', t => {
  const data = temporaryFolder(t);
  const suite = suiteIn(data);
  suite.add(result({ module: 'b' }), noWarning);
  const many = Array.from({ length: 1_200 }, (_, index) => index);
  for (let index = 0; index < 52; index++)
    suite.add(result({ warmup: index, values: { rows: many } }), noWarning);
  const { results } = JSON.parse(readFileSync(suite.path, 'utf8')) as { results: BenchResult[] };
  assert.deepEqual(
    [results.length, results[0]?.module, results[1]?.warmup, results.at(-1)?.warmup],
    [51, 'b', 2, 51],
  );
  assert.deepEqual(suite.begin('a', noWarning)?.values['rows'], many.slice(200));
});

test('a damaged file is set aside, and the next result begins a new one', t => {
  const good = JSON.stringify({ version: 1, name: 'nightly', results: [result()] });
  const bad = [
    '',
    '{',
    '[]',
    good.slice(0, -9),
    good.replace('[1,2,3]', '[1,"2"]'),
    good.replace('"version":1', '"version":9'),
  ];
  for (const text of bad) {
    const data = temporaryFolder(t);
    const suite = suiteIn(data);
    mkdirSync(join(data, 'bench'));
    writeFileSync(suite.path, text);
    const told: string[] = [];
    assert.equal(
      suite.begin('a', message => told.push(message)),
      null,
    );
    assert.match(
      told.join(),
      /nightly\.json is not what bench writes: set aside as .*\.damaged-20261120T000000\.000Z$/,
    );
    suite.add(result(), noWarning);
    assert.deepEqual(suite.begin('a', noWarning), result());
    assert.equal(readFileSync(`${suite.path}.damaged-20261120T000000.000Z`, 'utf8'), text);
  }
});

test('nothing is read or written through a link', t => {
  const [data, elsewhere] = [temporaryFolder(t), temporaryFolder(t)];
  suiteIn(elsewhere).add(result(), noWarning);
  symlinkSync(join(elsewhere, 'bench'), join(data, 'bench'));
  assert.equal(suiteIn(data).begin('a', noWarning), null);
  suiteIn(data).add(result({ module: 'b' }), noWarning);
  assert.equal(suiteIn(elsewhere).begin('b', noWarning), null);
  assert.deepEqual(suiteIn(data).begin('b', noWarning), result({ module: 'b' }));
});

/** Another benchmark that has just read the suite, and is about to write it. */
const OTHER = `
const [gate, data, result] = process.argv.slice(1);
const { behindGate } = await import(gate);
const { mkdirSync, writeFileSync } = await import('node:fs');
await behindGate(data, { nowMs: 0, tell() {} }, async () => {
  console.log('has read');
  await new Promise(resolve => setTimeout(resolve, 300));
  mkdirSync(data + '/bench', { recursive: true });
  writeFileSync(data + '/bench/nightly.json', JSON.stringify({ version: 1, name: 'nightly', results: [JSON.parse(result)] }));
});`;

test('of two that end at the same time each keeps its result', async t => {
  const data = temporaryFolder(t);
  const gate = new URL('../../src/store/gate.ts', import.meta.url).href;
  const args = ['--input-type=module', '--eval', OTHER, gate, data, JSON.stringify(result({ module: 'b' }))];
  const other = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(other, 'exit');
  await once(other.stdout, 'data');
  const suite = suiteIn(data);
  suite.add(result(), noWarning);
  assert.deepEqual(await ended, [0, null]);
  assert.deepEqual(
    [suite.begin('a', noWarning), suite.begin('b', noWarning)],
    [result(), result({ module: 'b' })],
  );
});
