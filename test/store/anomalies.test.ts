import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { syncAnomaliesLog } from '../../src/store/anomalies.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { anEvent, aRun, aStore, at, recordEvents, START_MS } from './fixtures.ts';
import { assertValid } from './schemas.ts';

failOnLeaks();

const EVENTS = [1, 2, 3, 4].map(seconds =>
  anEvent({ time: at(seconds), incident: `I${seconds}`, message: `größer, ${seconds}` }),
);
const TEXT = EVENTS.map(event => `${JSON.stringify(event)}\n`).join('');

test('every event is one valid line, in order, in a private file', t => {
  const { store, data } = aStore(t);
  recordEvents(store, EVENTS.slice(0, 1));
  assert.deepEqual(syncAnomaliesLog(store, data, START_MS), []);
  recordEvents(store, EVENTS.slice(1));
  assert.deepEqual(syncAnomaliesLog(store, data, START_MS), []);
  assert.deepEqual(syncAnomaliesLog(store, data, START_MS), []);
  const path = join(data, 'anomalies.log');
  assert.equal(readFileSync(path, 'utf8'), TEXT);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  for (const line of TEXT.trim().split('\n')) assertValid('anomalies', JSON.parse(line));
});

test('a crash at any byte of the last lines is caught up: nothing doubled, nothing lost', t => {
  const { store, data } = aStore(t);
  const path = join(data, 'anomalies.log');
  recordEvents(store, EVENTS.slice(0, 2));
  syncAnomaliesLog(store, data, START_MS);
  const written = statSync(path).size;
  const position = store.fact('anomaliesLog');
  recordEvents(store, EVENTS.slice(2));
  const bytes = Buffer.from(TEXT);
  for (let cut = written; cut <= bytes.length; cut += 1) {
    writeFileSync(path, bytes.subarray(0, cut));
    store.setFact('anomaliesLog', position, 'process');
    assert.deepEqual(syncAnomaliesLog(store, data, START_MS), [], `cut at ${cut}`);
    assert.equal(readFileSync(path, 'utf8'), TEXT, `cut at ${cut}`);
  }
});

test('a crash before anything was noted is caught up from every byte', t => {
  const { store, data } = aStore(t);
  const path = join(data, 'anomalies.log');
  recordEvents(store, EVENTS.slice(0, 1));
  const line = `${JSON.stringify(EVENTS[0])}\n`;
  for (let cut = 0; cut <= Buffer.byteLength(line); cut += 1) {
    writeFileSync(path, Buffer.from(line).subarray(0, cut));
    store.setFact('anomaliesLog', null, 'process');
    assert.deepEqual(syncAnomaliesLog(store, data, START_MS), []);
    assert.equal(readFileSync(path, 'utf8'), line);
  }
});

const DAMAGES: [string, (path: string) => void][] = [
  ['was edited', path => writeFileSync(path, TEXT.replace('größer, 2', 'kleiner 2'))],
  ['was edited to the same length', path => writeFileSync(path, TEXT.replace('größer, 2', 'größer, 9'))],
  ['has foreign lines', path => appendFileSync(path, 'a note\n')],
  ['has a line twice', path => appendFileSync(path, `${JSON.stringify(EVENTS[3])}\n`)],
  ['became a folder', path => replace(path, () => mkdirSync(path))],
  ['became a FIFO', path => replace(path, () => execFileSync('mkfifo', [path]))],
  ['became a link', path => replace(path, () => symlinkSync('/nonexistent', path))],
  ['became a link to itself, elsewhere', path => relink(path)],
];

for (const [name, damage] of DAMAGES) {
  test(`a log that ${name} is set aside, written anew, and said`, t => {
    const { store, data } = aStore(t);
    const path = join(data, 'anomalies.log');
    recordEvents(store, EVENTS);
    syncAnomaliesLog(store, data, START_MS);
    damage(path);
    const messages = syncAnomaliesLog(store, data, START_MS);
    assert.match(messages.join(), /set aside as .*anomalies\.log\.damaged-20261120T120000/);
    assert.equal(readFileSync(path, 'utf8'), TEXT);
    assert.equal(readdirSync(data).filter(file => file.startsWith('anomalies.log.damaged-')).length, 1);
    assert.deepEqual(syncAnomaliesLog(store, data, START_MS), []);
  });
}

for (const [name, kept] of [
  ['was cut off', 500],
  ['was put back to an older state, by git for one', TEXT.indexOf('\n') + 1],
  ['was emptied', 0],
] as const) {
  test(`a log that ${name} is completed: nothing in it was wrong`, t => {
    const { store, data } = aStore(t);
    const path = join(data, 'anomalies.log');
    recordEvents(store, EVENTS);
    syncAnomaliesLog(store, data, START_MS);
    writeFileSync(path, Buffer.from(TEXT).subarray(0, kept));
    assert.deepEqual(syncAnomaliesLog(store, data, START_MS), []);
    assert.equal(readFileSync(path, 'utf8'), TEXT);
    assert.deepEqual(syncAnomaliesLog(store, data, START_MS), []);
  });
}

test('a log that was removed is written anew, and said', t => {
  const { store, data } = aStore(t);
  const path = join(data, 'anomalies.log');
  recordEvents(store, EVENTS);
  syncAnomaliesLog(store, data, START_MS);
  rmSync(path);
  assert.match(syncAnomaliesLog(store, data, START_MS).join(), /was missing: written anew/);
  assert.equal(readFileSync(path, 'utf8'), TEXT);
});

test('a log that was only written again with the same content is left as it is', t => {
  const { store, data } = aStore(t);
  const path = join(data, 'anomalies.log');
  recordEvents(store, EVENTS);
  syncAnomaliesLog(store, data, START_MS);
  rmSync(path);
  writeFileSync(path, TEXT);
  assert.deepEqual(syncAnomaliesLog(store, data, START_MS), []);
  assert.deepEqual(
    readdirSync(data).filter(file => file.includes('damaged')),
    [],
  );
});

test('a log without events is an empty file', t => {
  const { store, data } = aStore(t);
  assert.deepEqual(syncAnomaliesLog(store, data, START_MS), []);
  assert.equal(readFileSync(join(data, 'anomalies.log'), 'utf8'), '');
});

test('more lines than are handled at a time are all there', t => {
  const { store, data } = aStore(t);
  const path = join(data, 'anomalies.log');
  const many = Array.from({ length: 1203 }, (_, index) => anEvent({ iteration: index }));
  store.recordRun(aRun(), { state: {}, events: many });
  const text = many.map(event => `${JSON.stringify(event)}\n`).join('');
  syncAnomaliesLog(store, data, START_MS);
  assert.equal(readFileSync(path, 'utf8'), text);
  writeFileSync(path, text.slice(0, -10));
  store.setFact('anomaliesLog', null);
  syncAnomaliesLog(store, data, START_MS);
  assert.equal(readFileSync(path, 'utf8'), text);
});

function replace(path: string, make: () => void): void {
  rmSync(path);
  make();
}

function relink(path: string): void {
  renameSync(path, `${path}.moved`);
  symlinkSync(`${path}.moved`, path);
}
