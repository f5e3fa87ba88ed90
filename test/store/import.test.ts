import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { OUTCOMES, type Run, TRIGGERS } from '../../src/glossary/run.ts';
import { roundedRun } from '../../src/rounding.ts';
import { syncAnomaliesLog } from '../../src/store/anomalies.ts';
import { takeOverHistory } from '../../src/store/import.ts';
import { PerformanceFile } from '../../src/store/performance.ts';
import { readPerformance } from '../../src/store/read-performance.ts';
import type { Store } from '../../src/store/store.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { fc } from '../helpers/properties.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { aRun, aStore, at, judgeOf, START_MS, show } from './fixtures.ts';

failOnLeaks();

const judge = judgeOf();

/** Records runs as the loop does, and projects them. */
function live(store: Store, data: string, runs: Run[]): void {
  for (const run of runs) store.recordRun(run, judge(store.moduleState(run.module), run));
  show(store, data);
}

/** A fresh clone: a store without anything, beside the files that are in git. */
function cloneOf(t: TestContext, data: string): { store: Store; data: string } {
  const clone = aStore(t);
  for (const file of ['performance.json', 'anomalies.log'])
    copyFileSync(join(data, file), join(clone.data, file));
  return clone;
}

function runtimes(...seconds: number[]): Run[] {
  return seconds.map((runtimeSeconds, index) => aRun({ runtimeSeconds, iteration: index + 1 }));
}

test('a fresh clone goes on where the workspace was: runs, counts, state, incidents, log, iterations', t => {
  const { store, data } = aStore(t);
  const runs = runtimes(1, 1, 1, 1, 1, 2, 1, 1, 3, 3);
  live(store, data, runs);
  const clone = cloneOf(t, data);
  const messages = takeOverHistory(clone.store, clone.data, judge, START_MS);
  assert.deepEqual(messages, ['history taken over from performance.json: 10 runs']);
  assert.deepEqual(clone.store.runs('collector', 100), runs);
  assert.deepEqual(clone.store.counts('collector'), store.counts('collector'));
  assert.deepEqual(clone.store.moduleState('collector'), store.moduleState('collector'));
  assert.deepEqual(clone.store.incidents(), store.incidents());
  assert.equal(clone.store.incidents({ open: true }).length, 1);
  assert.equal(clone.store.startIteration(at(0)), 11);
  const log = readFileSync(join(data, 'anomalies.log'), 'utf8');
  assert.deepEqual(syncAnomaliesLog(clone.store, clone.data, START_MS), []);
  assert.equal(readFileSync(join(clone.data, 'anomalies.log'), 'utf8'), log, 'no event is written again');
  live(clone.store, clone.data, runtimes(1));
  const [added] = readFileSync(join(clone.data, 'anomalies.log'), 'utf8').slice(log.length).split('\n');
  assert.equal(JSON.parse(added ?? '').event, 'recovered');
});

test('a fresh clone was first in operation when the oldest of its runs and events was', t => {
  const { store, data } = aStore(t);
  live(store, data, runtimes(1, 1, 1, 1, 1, 2));
  const [oldest] = store.runs('collector', 100);
  const clone = cloneOf(t, data);
  takeOverHistory(clone.store, clone.data, judge, START_MS);
  assert.equal(clone.store.fact('firstStartMs'), Date.parse(oldest?.startedAt ?? ''));
  const other = cloneOf(t, data);
  const log = join(other.data, 'anomalies.log');
  const [line = ''] = readFileSync(log, 'utf8').split('\n');
  const before = line.replace(/"time":"[^"]*"/, '"time":"2025-01-01T00:00:00.000Z"');
  writeFileSync(log, `${before}\n${line}\n`);
  takeOverHistory(other.store, other.data, judge, START_MS);
  assert.equal(other.store.fact('firstStartMs'), Date.UTC(2025, 0, 1));
  const empty = aStore(t);
  takeOverHistory(empty.store, empty.data, judge, START_MS);
  assert.equal(empty.store.fact('firstStartMs'), null);
});

test('a history is taken over once, and never into a store that has runs', t => {
  const { store, data } = aStore(t);
  live(store, data, runtimes(1, 1));
  const clone = cloneOf(t, data);
  takeOverHistory(clone.store, clone.data, judge, START_MS);
  assert.deepEqual(takeOverHistory(clone.store, clone.data, judge, START_MS), []);
  assert.equal(clone.store.counts('collector').successCount, 2);
  assert.deepEqual(takeOverHistory(store, data, judge, START_MS), []);
  const empty = aStore(t);
  assert.deepEqual(takeOverHistory(empty.store, empty.data, judge, START_MS), []);
  assert.equal(empty.store.needsHistory(), false);
});

test('an incident that the log leaves open, but the runs do not, is not open', t => {
  const { store, data } = aStore(t);
  live(store, data, runtimes(1, 1, 1, 1, 1, 2));
  const clone = cloneOf(t, data);
  writeFileSync(join(clone.data, 'performance.json'), '{"version":1,"modules":{}}');
  takeOverHistory(clone.store, clone.data, judge, START_MS);
  assert.deepEqual(clone.store.incidents(), []);
  assert.equal(clone.store.eventsAfter(0).length, 1);
  assert.equal(clone.store.iterationCount(), 6);
});

test('a log with a torn end or lines of others keeps its events; the file is set aside and written anew', t => {
  const { store, data } = aStore(t);
  live(store, data, runtimes(1, 1, 1, 1, 1, 2, 2));
  for (const extra of ['{"time":"2026', 'a note\n', '\n\n', '{}\n', '\u0000']) {
    const clone = cloneOf(t, data);
    const path = join(clone.data, 'anomalies.log');
    const log = readFileSync(path, 'utf8');
    writeFileSync(path, log + extra);
    takeOverHistory(clone.store, clone.data, judge, START_MS);
    assert.match(syncAnomaliesLog(clone.store, clone.data, START_MS).join(), /set aside/);
    assert.equal(readFileSync(path, 'utf8'), log);
  }
});

test('a log whose last line break is missing is completed', t => {
  const { store, data } = aStore(t);
  live(store, data, runtimes(1, 1, 1, 1, 1, 2));
  const clone = cloneOf(t, data);
  const path = join(clone.data, 'anomalies.log');
  const log = readFileSync(path, 'utf8');
  writeFileSync(path, log.slice(0, -1));
  takeOverHistory(clone.store, clone.data, judge, START_MS);
  assert.deepEqual(syncAnomaliesLog(clone.store, clone.data, START_MS), []);
  assert.equal(readFileSync(path, 'utf8'), log);
});

const VALID = `{"version":1,"updatedAt":"${at(0)}","historySize":100,"modules":{"collector":{"successCount":4,"errorCount":0,"restartCount":0,"averages":{},"runs":[{"id":"A","iteration":4,"trigger":"schedule","attempt":1,"startedAt":"${at(0)}","endedAt":"${at(1)}","outcome":"ok","runtimeSeconds":0.43}]}}}`;

test('what may be missing is filled in, a byte order mark and unknown keys are passed over', t => {
  const data = temporaryFolder(t);
  for (const text of [VALID, `\uFEFF${VALID}`, VALID.replace('"id"', '"later":[1],"id"')]) {
    writeFileSync(join(data, 'performance.json'), text);
    const read = readPerformance(data, START_MS);
    assert.ok(read !== null && 'modules' in read);
    const run = read.modules['collector']?.runs[0];
    assert.equal(run?.runtimeSeconds, 0.43);
    assert.deepEqual([run?.memoryMb, run?.custom, run?.revision, run?.reason], [null, {}, null, null]);
    assert.equal(read.copy, null);
  }
});

const BROKEN: [string, string | Buffer | ((path: string) => void)][] = [
  ['empty', ''],
  ['cut off', VALID.slice(0, -20)],
  ['NULs', Buffer.alloc(5000)],
  ['NULs at its end', `${VALID}\u0000\u0000`],
  ['UTF-16', Buffer.from(`\uFEFF${VALID}`, 'utf16le')],
  ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
  ['a list', '[]'],
  ['null', 'null'],
  ['a number', '1e999'],
  ['without a version', '{"modules":{}}'],
  ['of a version in words', VALID.replace('"version":1', '"version":"1"')],
  ['of a newer version', VALID.replace('"version":1', '"version":2')],
  ['of version 0', VALID.replace('"version":1', '"version":0')],
  ['without modules', '{"version":1}'],
  ['with a list of modules', '{"version":1,"modules":[]}'],
  ['deeply nested', '['.repeat(5_000_000)],
  ['full of empty lists', `[${'[],'.repeat(4_000_000)}0]`],
  ['a link', path => symlinkSync('/etc/passwd', path)],
  ['a folder', path => mkdirSync(path)],
  ['a FIFO', path => void execFileSync('mkfifo', [path])],
  [
    'huge',
    path => {
      writeFileSync(path, '');
      truncateSync(path, 2e9);
    },
  ],
];

for (const [name, content] of BROKEN) {
  test(`a performance.json that is ${name} is set aside, and the store begins empty`, t => {
    const { store, data } = aStore(t);
    const path = join(data, 'performance.json');
    if (typeof content === 'function') content(path);
    else writeFileSync(path, content);
    const [message, ...more] = takeOverHistory(store, data, judge, START_MS);
    assert.match(message ?? '', /performance\.json .*: set aside as .*performance\.json\.damaged-/);
    assert.deepEqual(more, []);
    assert.equal(store.lastRun(), null);
    assert.equal(readdirSync(data).filter(file => file.startsWith('performance.json')).length, 1);
    new PerformanceFile(store, data).write(at(0), 5);
  });
}

const WRONG: [string, string, string][] = [
  ['a runtime without end', '"runtimeSeconds":0.43', '"runtimeSeconds":1e999'],
  ['a negative runtime', '"runtimeSeconds":0.43', '"runtimeSeconds":-1'],
  ['a runtime in words', '"runtimeSeconds":0.43', '"runtimeSeconds":"0.43"'],
  ['an unknown outcome', '"outcome":"ok"', '"outcome":"fine"'],
  ['an iteration out of all bounds', '"iteration":4', '"iteration":9007199254740991'],
  ['half an iteration', '"iteration":4', '"iteration":4.5'],
  ['a time that is none', `"endedAt":"${at(1)}"`, '"endedAt":"2026-13-45T99:99:99Z"'],
  ['an id that is a path', '"id":"A"', '"id":"../../A"'],
  ['a list as a run', '{"id":"A"', '[],{"id":7'],
];

for (const [name, from, to] of WRONG) {
  test(`a run with ${name} is passed over, and a copy of the file is kept`, t => {
    const { store, data } = aStore(t);
    const path = join(data, 'performance.json');
    const good =
      '{"id":"B","iteration":5,"trigger":"manual","startedAt":"2026-11-20T12:00:00Z","endedAt":"2026-11-20T12:00:00Z","outcome":"error"}';
    writeFileSync(path, VALID.replace('"runs":[', `"runs":[${good},`).replace(from, to));
    const messages = takeOverHistory(store, data, judge, START_MS);
    assert.deepEqual(
      store.runs('collector', 10).map(({ id }) => id),
      ['B'],
    );
    assert.equal(store.counts('collector').successCount, 4, 'the counts are good');
    assert.equal(store.iterationCount(), 5);
    assert.match(messages.join(), /wrong entries of performance\.json passed over: a copy is in/);
    assert.equal(readdirSync(data).filter(file => file.startsWith('performance.json.damaged-')).length, 1);
  });
}

test('names that mean something to JavaScript do no harm', t => {
  const { store, data } = aStore(t);
  const text = VALID.replace('"collector":', '"constructor":')
    .replace('"modules":{', '"modules":{"__proto__":{"runs":[]},"../x":{"runs":[]},')
    .replace('"outcome"', '"custom":{"__proto__":7,"toString":1},"outcome"');
  writeFileSync(join(data, 'performance.json'), text);
  takeOverHistory(store, data, judge, START_MS);
  assert.deepEqual(store.moduleNames(), ['constructor']);
  assert.equal(store.runs('constructor', 1)[0]?.custom['toString'], 1);
  assert.equal(Object.hasOwn(Object.prototype, 'runs'), false);
  live(store, data, runtimes(1));
});

test('counts that are wrong are counted again from the runs', t => {
  const { store, data } = aStore(t);
  writeFileSync(join(data, 'performance.json'), VALID.replace('"successCount":4', '"successCount":-4'));
  takeOverHistory(store, data, judge, START_MS);
  assert.deepEqual(store.counts('collector'), { successCount: 1, errorCount: 0, restartCount: 0 });
});

test('any history comes back from its file as it was', t => {
  const figure = fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }));
  const count = fc.nat();
  const run = fc.record({
    module: fc.constantFrom('collector', 'backtester'),
    trigger: fc.constantFrom(...TRIGGERS),
    attempt: fc.integer({ min: 1, max: 9 }),
    iteration: count,
    startedAt: fc.nat().map(at),
    endedAt: fc.nat().map(at),
    outcome: fc.constantFrom(...OUTCOMES),
    exitCode: fc.option(fc.nat({ max: 255 })),
    signal: fc.option(fc.constantFrom('SIGTERM', 'SIGKILL')),
    ...{ runtimeSeconds: figure, cpuSeconds: figure, cpuPercent: figure, memoryMb: figure },
    apiLatencySeconds: figure,
    api: fc.option(
      fc.record({ count, errors: count, p95: fc.double({ min: 0, max: 99, noNaN: true }), max: count }),
    ),
    custom: fc.dictionary(
      fc.string({ unit: 'grapheme', maxLength: 20 }).filter(key => key !== '__proto__'),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0),
    ),
    revision: fc.option(fc.constantFrom('9fceb02', '9fceb02+')),
    reason: fc.option(fc.string({ unit: 'grapheme', minLength: 1 })),
  });
  fc.assert(
    fc.property(fc.array(run, { minLength: 1, maxLength: 30 }), parts => {
      const first = aStore(t);
      const runs = parts.map(part => aRun(part));
      live(first.store, first.data, runs);
      const clone = cloneOf(t, first.data);
      takeOverHistory(clone.store, clone.data, judge, START_MS);
      for (const module of first.store.moduleNames()) {
        const own = runs.filter(each => each.module === module).map(roundedRun);
        assert.deepEqual(clone.store.runs(module, 100), own);
        assert.deepEqual(clone.store.counts(module), first.store.counts(module));
        assert.deepEqual(clone.store.moduleState(module), replay(own));
      }
      new PerformanceFile(clone.store, clone.data).write(at(1000), 100);
      const bytes = (data: string): Buffer => readFileSync(join(data, 'performance.json'));
      assert.deepEqual(bytes(clone.data), bytes(first.data));
      first.store.close();
      clone.store.close();
    }),
    { numRuns: 15 },
  );
});

function replay(runs: Run[]): unknown {
  return JSON.parse(JSON.stringify(runs.reduce((state, run) => judge(state, run).state, {})));
}
