import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import type { Run } from '../../src/glossary/run.ts';
import { takeOverHistory } from '../../src/store/import.ts';
import { PerformanceFile } from '../../src/store/performance.ts';
import type { Store } from '../../src/store/store.ts';
import { NOTHING_FURTHER } from '../helpers/further.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { aRun, aStore, at, clock, judgeOf } from './fixtures.ts';
import { assertValid } from './schemas.ts';

failOnLeaks();

const FURTHER = {
  ...{ setupSeconds: 0.4, cleanupSeconds: 0.1, samplesPerSecond: 123.457 },
  ...{ diskReadMb: 0, diskWrittenMb: 20.005, contextSwitches: 31 },
  labels: { model: 'v3', data: 'Kurse "Köln"' },
};

/** What the rows of the store hold, by plain SQL. */
function records(data: string): Record<string, unknown>[] {
  const database = new DatabaseSync(join(data, 'watchkeeper.db'), { readOnly: true });
  try {
    return database
      .prepare('SELECT record FROM runs ORDER BY seq')
      .all()
      .map(row => JSON.parse(String(row['record'])));
  } finally {
    database.close();
  }
}

function shownLines(store: Store, data: string): string[] {
  new PerformanceFile(store, data).write(at(9), 100);
  const text = readFileSync(join(data, 'performance.json'), 'utf8');
  assertValid('performance', JSON.parse(text));
  return text.split('\n').filter(line => line.includes('"id":'));
}

/** A store that has taken over what a data folder's performance.json holds. */
function heirOf(t: TestContext, text: string): { store: Store; data: string; messages: string[] } {
  const { store, data } = aStore(t);
  writeFileSync(join(data, 'performance.json'), text);
  return { store, data, messages: takeOverHistory(store, data, judgeOf(), clock.now()) };
}

test('a run comes back from the store as it was recorded, with all it has and with nothing further', t => {
  const { store } = aStore(t);
  const runs: Run[] = [aRun(FURTHER), aRun()];
  for (const run of runs) store.recordRun(run, null);
  assert.deepEqual(store.runs('collector', 10), runs);
});

test('further metrics are rounded by their units, and what is no number was not measured', t => {
  const { store } = aStore(t);
  const figures = { setupSeconds: 0.12345678, samplesPerSecond: 123.45678, diskWrittenMb: 20.0048 };
  store.recordRun(
    aRun({ ...figures, cleanupSeconds: Number.NaN, diskReadMb: Number.POSITIVE_INFINITY }),
    null,
  );
  const [run] = store.runs('collector', 1);
  assert.deepEqual(
    [run?.setupSeconds, run?.samplesPerSecond, run?.diskWrittenMb, run?.cleanupSeconds, run?.diskReadMb],
    [0.123457, 123.457, 20.005, null, null],
  );
});

test('what a run does not have is left out, in the store and in performance.json', t => {
  const { store, data } = aStore(t);
  store.recordRun(aRun(), null);
  store.recordRun(aRun(FURTHER), null);
  const further = Object.keys(NOTHING_FURTHER);
  const [plainLine = '', fullLine = ''] = shownLines(store, data);
  const [plainRecord, fullRecord] = records(data);
  for (const name of further) {
    assert.ok(!plainLine.includes(name) && !Object.hasOwn(plainRecord ?? {}, name), name);
    assert.ok(fullLine.includes(`"${name}"`) && Object.hasOwn(fullRecord ?? {}, name), name);
  }
  for (const name of ['runtimeSeconds', 'cpuPercent', 'memoryMb', 'apiLatencySeconds'])
    assert.ok(plainLine.includes(`"${name}"`), name);
});

test('rows of the time before there were further metrics have none of them', t => {
  const { store, data } = aStore(t);
  const run = aRun();
  store.recordRun(run, null);
  const { setupSeconds, cleanupSeconds, samplesPerSecond, ...rest } = run;
  const { diskReadMb, diskWrittenMb, contextSwitches, labels, ...older } = rest;
  const database = new DatabaseSync(join(data, 'watchkeeper.db'));
  database.prepare('UPDATE runs SET record = ?').run(JSON.stringify(older));
  database.close();
  assert.deepEqual(store.runs('collector', 1), [run]);
  assert.deepEqual(store.lastRun(), run);
  const missing = [
    setupSeconds,
    cleanupSeconds,
    samplesPerSecond,
    diskReadMb,
    diskWrittenMb,
    contextSwitches,
  ];
  assert.deepEqual([missing, labels], [[null, null, null, null, null, null], {}]);
});

test('a history is taken over with all that its runs have, and gives the same file again', t => {
  const first = aStore(t);
  const runs = [aRun(FURTHER), aRun()];
  for (const run of runs) first.store.recordRun(run, null);
  const lines = shownLines(first.store, first.data);
  const heir = heirOf(t, readFileSync(join(first.data, 'performance.json'), 'utf8'));
  assert.deepEqual(heir.messages, ['history taken over from performance.json: 2 runs']);
  assert.deepEqual(heir.store.runs('collector', 10), runs);
  rmSync(join(heir.data, 'performance.json'));
  assert.deepEqual(shownLines(heir.store, heir.data), lines);
});

test('a performance.json of the time before there were further metrics is taken over', t => {
  const run = `{"id":"01JD0000000001","iteration":1,"trigger":"schedule","attempt":1,"startedAt":"${at(1)}","endedAt":"${at(2)}",
    "outcome":"ok","exitCode":0,"signal":null,"runtimeSeconds":0.43,"cpuSeconds":0.306,"cpuPercent":71.2,"memoryMb":62.1,
    "apiLatencySeconds":null,"api":null,"custom":{"setupSeconds":3},"revision":null}`;
  const counts = '"successCount":1,"errorCount":0,"restartCount":0,"averages":{}';
  const text = `{"version":1,"updatedAt":"${at(2)}","historySize":100,"modules":{"collector":{${counts},"runs":[${run}]}}}`;
  const { store, messages } = heirOf(t, text);
  assert.deepEqual(messages, ['history taken over from performance.json: 1 runs']);
  const [taken] = store.runs('collector', 10);
  assert.deepEqual(taken, { ...taken, ...NOTHING_FURTHER, custom: { setupSeconds: 3 } });
  assert.deepEqual(store.moduleState('collector')['setupSeconds']?.recent, [3]);
});

test('a run whose further metrics or labels are not what they should be is passed over, and said', t => {
  const first = aStore(t);
  first.store.recordRun(aRun(FURTHER), null);
  shownLines(first.store, first.data);
  const good = readFileSync(join(first.data, 'performance.json'), 'utf8');
  for (const [right, wrong] of [
    ['"setupSeconds":0.4', '"setupSeconds":-1'],
    ['"contextSwitches":31', '"contextSwitches":0.5'],
    ['"diskReadMb":0', '"diskReadMb":"0"'],
    ['"model":"v3"', '"model":3'],
    ['"model":"v3"', `"model":"${'v'.repeat(201)}"`],
  ] as const) {
    const { store, messages } = heirOf(t, good.replace(right, wrong));
    assert.match(messages.join('\n'), /1 wrong entries of performance.json passed over/, wrong);
    assert.deepEqual(store.runs('collector', 10), [], wrong);
  }
});
