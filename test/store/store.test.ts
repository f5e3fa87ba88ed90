import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WatchkeeperError } from '../../src/errors.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { fc } from '../helpers/properties.ts';
import { aJudgement, anEvent, anOwner, aRun, aStore, at, reopen, START_MS } from './fixtures.ts';

failOnLeaks();

test('a run comes back from the store as it went in', t => {
  const { store } = aStore(t);
  const run = aRun({ outcome: 'error', exitCode: 3, reason: 'ended with exit code 3' });
  store.recordRun(run, null);
  assert.deepEqual(store.runs('collector', 10), [run]);
  assert.deepEqual(store.lastRun(), run);
});

test('a run is stored rounded, and what JSON cannot hold as not measured', t => {
  const { store } = aStore(t);
  store.recordRun(
    aRun({
      ...{ runtimeSeconds: 0.123456789, cpuPercent: 12.3456, memoryMb: Number.NaN, cpuSeconds: -0 },
      custom: { exact: 0.123456789, endless: Number.POSITIVE_INFINITY },
    }),
    null,
  );
  const run = store.lastRun();
  assert.equal(run?.runtimeSeconds, 0.123457);
  assert.equal(run?.cpuPercent, 12.35);
  assert.equal(run?.memoryMb, null);
  assert.deepEqual(run?.custom, { exact: 0.123456789 });
});

test('runs are listed oldest first by the order of recording, not by their times', t => {
  const { store } = aStore(t);
  const runs = [5, 1, 3].map(seconds => aRun({ endedAt: at(seconds) }));
  for (const run of runs) store.recordRun(run, null);
  assert.deepEqual(
    store.runs('collector', 2).map(({ id }) => id),
    runs.slice(1).map(({ id }) => id),
  );
});

test('counts go over the whole life: successes, failures, repeated attempts; skipped runs count nothing', t => {
  const { store } = aStore(t);
  store.recordRun(aRun({ outcome: 'error' }), null);
  store.recordRun(aRun({ outcome: 'timeout', attempt: 2 }), null);
  store.recordRun(aRun({ outcome: 'killed', attempt: 3 }), null);
  store.recordRun(aRun(), null);
  store.recordRun(aRun({ outcome: 'skipped' }), null);
  assert.deepEqual(store.counts('collector'), { successCount: 1, errorCount: 3, restartCount: 2 });
  assert.deepEqual(store.counts('unknown'), { successCount: 0, errorCount: 0, restartCount: 0 });
});

test('a run that is recorded a second time counts once', t => {
  const { store } = aStore(t);
  const run = aRun();
  store.recordRun(run, null);
  store.recordRun(run, aJudgement([anEvent()], 'I1'));
  assert.equal(store.counts('collector').successCount, 1);
  assert.equal(store.eventsAfter(0).length, 0);
});

test('a run that was begun and never recorded is found again', t => {
  const { store } = aStore(t);
  const begun = ['A', 'B'].map(id => {
    const { module, iteration, trigger, attempt, startedAt, revision } = aRun();
    return { id, module, iteration, trigger, attempt, startedAt, revision };
  });
  for (const run of begun) store.beginRun(run);
  store.recordRun(aRun({ id: 'A' }), null);
  assert.deepEqual(store.abandonedRuns(), begun.slice(1));
});

test('iterations are numbered one after the other, also over a restart', t => {
  const { store, data } = aStore(t);
  assert.equal(store.lastIteration(), null);
  assert.equal(store.startIteration(at(0)), 1);
  store.finishIteration(1, { endedAt: at(1), message: 'Performance OK', status: 'ok' });
  assert.equal(store.startIteration(at(2)), 2);
  store.close();
  const again = reopen(data);
  again.claim(anOwner());
  assert.equal(again.iterationCount(), 2);
  assert.equal(again.startIteration(at(3)), 3);
  const ended = { iteration: 1, startedAt: at(0), endedAt: at(1), message: 'Performance OK', status: 'ok' };
  assert.deepEqual({ ...again.lastIteration() }, ended);
});

test('an iteration that was never finished is found with what is recorded of it', t => {
  const { store } = aStore(t);
  for (const second of [0, 1, 2]) store.startIteration(at(second));
  const runs = [1, 2, 1].map(iteration => aRun({ iteration }));
  const events = [1, 2].map(iteration => anEvent({ iteration, incident: `I${iteration}` }));
  for (const [index, run] of runs.entries())
    store.recordRun(run, aJudgement(events.slice(index, index + 1), null));
  store.finishIteration(2, { endedAt: at(3), message: 'Performance OK', status: 'ok' });
  const unfinished = store.unfinishedIterations();
  assert.deepEqual(unfinished, [1, 3]);
  assert.deepEqual(store.recordedIn(new Set(unfinished)), [
    { iteration: 1, runs: [runs[0], runs[2]], events: [events[0]] },
  ]);
});

test('an incident opens, moves on and ends by its events', t => {
  const { store } = aStore(t);
  store.recordRun(aRun(), aJudgement([anEvent({ time: at(1) })], 'I1'));
  store.recordRun(aRun(), aJudgement([anEvent({ time: at(2), value: 0.9, runsOpen: 1 })], 'I1'));
  const [open] = store.incidents({ open: true });
  assert.deepEqual(
    { ...open },
    {
      ...{ id: 'I1', module: 'collector', metric: 'runtimeSeconds', status: 'open', direction: 'above' },
      ...{ baseline: 0.43, value: 0.81, deviationPercent: 88.37, lastValue: 0.9, run: 'R1', iteration: 9 },
      ...{ runsOpen: 1, openedAt: at(1), endedAt: null },
    },
  );
  const recovered = anEvent({ time: at(3), event: 'recovered', value: 0.44, runsOpen: 2 });
  store.recordRun(aRun(), aJudgement([recovered], null));
  assert.deepEqual(store.incidents({ open: true }), []);
  const [ended] = store.incidents();
  assert.equal(ended?.status, 'recovered');
  assert.equal(ended?.endedAt, at(3));
  assert.equal(ended?.lastValue, 0.44);
});

test('incidents are listed open ones first, then newest first, and can be asked for by module and time', t => {
  const { store } = aStore(t);
  const open = (id: string, module: string, seconds: number): void =>
    store.recordRun(aRun({ module }), aJudgement([anEvent({ incident: id, module, time: at(seconds) })], id));
  const end = (id: string, module: string, seconds: number): void =>
    store.recordRun(
      aRun({ module }),
      aJudgement(
        [anEvent({ incident: id, module, time: at(seconds), event: 'persisted', runsOpen: 3 })],
        null,
      ),
    );
  open('I1', 'collector', 1);
  open('I2', 'backtester', 2);
  end('I2', 'backtester', 10);
  open('I3', 'backtester', 20);
  end('I3', 'backtester', 30);
  const ids = (filter = {}): string[] => store.incidents(filter).map(({ id }) => id);
  assert.deepEqual(ids(), ['I1', 'I3', 'I2']);
  assert.deepEqual(ids({ module: 'backtester' }), ['I3', 'I2']);
  assert.deepEqual(ids({ sinceMs: START_MS + 15_000 }), ['I1', 'I3']);
  assert.deepEqual(ids({ open: false, module: 'collector' }), []);
});

test('an incident of a metric that is no longer judged is not open for ever', t => {
  const { store } = aStore(t);
  store.recordRun(aRun(), aJudgement([anEvent()], 'I1'));
  assert.equal(store.incidents({ open: true }).length, 1);
  store.recordRun(aRun(), { state: {}, events: [] });
  assert.deepEqual(store.incidents({ open: true }), []);
  assert.equal(store.eventsAfter(0).length, 1);
});

test('an incident that is dropped is not open, and its module knows what is normal as before', t => {
  const { store } = aStore(t);
  store.recordRun(aRun(), aJudgement([anEvent()], 'I1'));
  store.recordRun(
    aRun({ module: 'other' }),
    aJudgement([anEvent({ module: 'other', incident: 'I2' })], 'I2'),
  );
  store.dropIncidents(store.incidents({ module: 'collector' }));
  assert.deepEqual(
    store.incidents().map(({ id }) => id),
    ['I2'],
  );
  assert.deepEqual(store.moduleState('collector'), { runtimeSeconds: { recent: [1], incident: null } });
  assert.equal(store.moduleState('other')['runtimeSeconds']?.incident?.id, 'I2');
  assert.equal(store.eventsAfter(0).length, 2);
});

test('events have a growing sequence and are counted by time', t => {
  const { store } = aStore(t);
  for (const seconds of [1, 2, 3])
    store.recordRun(aRun(), aJudgement([anEvent({ time: at(seconds) })], 'I1'));
  assert.deepEqual(
    store.eventsAfter(1).map(({ seq }) => seq),
    [2, 3],
  );
  assert.deepEqual(store.eventsAfter(0, 1)[0]?.event, anEvent({ time: at(1) }));
  assert.equal(store.anomaliesSince(START_MS + 2000), 2);
  assert.equal(store.newestEvent(), 3);
});

test('the state of a module comes back, whatever its metrics are called', t => {
  const { store } = aStore(t);
  const { state } = aJudgement([], null);
  const odd = Object.fromEntries([...Object.entries(state), ['__proto__', { recent: [1], incident: null }]]);
  store.recordRun(aRun(), { state: odd, events: [] });
  assert.deepEqual(Object.keys(store.moduleState('collector')), ['runtimeSeconds', '__proto__']);
  assert.deepEqual(store.moduleState('unknown'), {});
});

test('slots, misses, restarts of services and facts are remembered', t => {
  const { store } = aStore(t);
  assert.equal(store.slot('collector'), null);
  store.setSlots({ collector: START_MS, backtester: 5 });
  assert.equal(store.slot('collector'), START_MS);
  assert.equal(store.addMiss('collector'), 1);
  assert.equal(store.addMiss('collector'), 2);
  assert.equal(store.misses('collector'), 2);
  assert.deepEqual(store.moduleNames(), [], 'a module without runs is not tracked');
  assert.equal(store.serviceRestarted('market-feed'), 1);
  assert.equal(store.serviceRestarted('market-feed'), 2);
  assert.deepEqual(store.serviceRestarts(), { 'market-feed': 2 });
  assert.equal(store.fact('firstStart'), null);
  store.setFact('firstStart', { at: at(0) });
  assert.deepEqual(store.fact('firstStart'), { at: at(0) });
});

test('a write without a claim, and after another claim, is refused and leaves nothing', t => {
  const { store, data } = aStore(t);
  const other = reopen(data);
  const fenced = (error: unknown): boolean => error instanceof WatchkeeperError && error.code === 'fenced';
  assert.throws(() => other.setFact('a', 1), fenced);
  assert.equal(other.isOurs(), false);
  other.claim(anOwner());
  assert.throws(() => store.recordRun(aRun(), aJudgement([anEvent()], 'I1')), fenced);
  assert.throws(() => store.startIteration(at(0)), fenced);
  assert.equal(store.isOurs(), false);
  assert.equal(other.lastRun(), null);
  store.release();
  assert.notEqual(other.owner(), null, 'a release of one who was taken over changes nothing');
  other.release();
  assert.equal(other.owner(), null);
});

test('a claim that judged another owner than the one that is there is refused', t => {
  const { store, data } = aStore(t);
  const other = reopen(data);
  const isHeld = (error: unknown): boolean => error instanceof WatchkeeperError && error.code === 'held';
  assert.throws(() => other.claim(anOwner(), null), isHeld);
  assert.throws(() => other.claim(anOwner(), 'somebody'), isHeld);
  other.claim(anOwner(), store.owner()?.nonce ?? '');
});

test('any run survives the store', t => {
  const { store } = aStore(t);
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'binary' }), number),
      fc.string({ unit: 'binary' }),
      (custom, reason) => {
        const run = aRun({ custom: JSON.parse(JSON.stringify(custom)), outcome: 'error', reason });
        store.recordRun(run, null);
        assert.deepEqual(store.lastRun(), run);
      },
    ),
    { numRuns: 50 },
  );
});
