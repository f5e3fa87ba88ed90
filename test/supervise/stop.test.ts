import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { childEnd, module, played, settingsOf } from './played.ts';

failOnLeaks();

const HOUR_MS = 3_600_000;

test('a stop ends what runs, starts nothing that comes after, and shows every run', async () => {
  const loop = played(settingsOf([module('a'), module('b', { after: ['a'] })]));
  loop.supervisor.all();
  await until('a is started', () => loop.started.includes('a'));
  await loop.supervisor.stop();
  assert.deepEqual(
    loop.recorded.map(({ module: name, outcome, signal }) => [name, outcome, signal]),
    [['a', 'killed', 'SIGTERM']],
  );
  assert.deepEqual(loop.published[0]?.notStarted, ['b']);
  assert.deepEqual([loop.started, loop.published.length], [['a'], 1]);
  assert.equal(loop.supervisor.trigger(['b'], 'manual').iteration, null);
});

test('a stop does not wait for the delay before a further attempt', { timeout: 60_000 }, async () => {
  const loop = played(settingsOf([module('a', { retries: 3, retryDelayMs: HOUR_MS })]));
  loop.supervisor.all();
  await until('a is started', () => loop.started.includes('a'));
  loop.end('a', { exitCode: 1 });
  await until('its failure is recorded', () => loop.recorded.length === 1);
  await loop.supervisor.stop();
  assert.deepEqual([loop.started, loop.recorded.length, loop.published.length], [['a'], 1, 1]);
});

test('an iteration that has started nothing yet when the stop comes starts nothing any more', async () => {
  const revision = Promise.withResolvers<null>();
  const loop = played(settingsOf([module('a')]), { ports: { revision: () => revision.promise } });
  const { ended } = loop.supervisor.all();
  const stopped = loop.supervisor.stop();
  revision.resolve(null);
  await stopped;
  assert.deepEqual([loop.started, loop.recorded, loop.published, loop.dropped], [[], [], [], [1]]);
  assert.equal(await ended, null);
});

test('a child that is started in the very moment of the stop is ended too', { timeout: 60_000 }, async () => {
  const stops: Promise<void>[] = [];
  const loop = played(settingsOf([module('a')]), {
    ports: {
      newId: () => {
        stops.push(loop.supervisor.stop());
        return 'run-1';
      },
    },
  });
  loop.supervisor.all();
  await until('it is stopped', () => stops.length > 0);
  await Promise.all(stops);
  assert.deepEqual(
    loop.recorded.map(({ module: name, outcome }) => [name, outcome]),
    [['a', 'killed']],
  );
});

test('failures are tried again as often as allowed, each attempt a run of its own; a good one ends it', async () => {
  const loop = played(settingsOf([module('a', { retries: 5 }), module('b', { after: ['a'] })]));
  const { ended } = loop.supervisor.trigger(['a'], 'change');
  for (const [attempt, result] of [{ exitCode: 1 }, { timedOut: true }, {}].entries()) {
    await until(`attempt ${attempt + 1} is started`, () => loop.started.length === attempt + 1);
    loop.end('a', result);
  }
  await until('b is started', () => loop.started.includes('b'));
  loop.end('b');
  await ended;
  assert.deepEqual(
    loop.recorded.map(({ module: name, attempt, trigger, outcome }) => [name, attempt, trigger, outcome]),
    [
      ['a', 1, 'change', 'error'],
      ['a', 2, 'retry', 'timeout'],
      ['a', 3, 'retry', 'ok'],
      ['b', 1, 'after', 'ok'],
    ],
  );
  assert.equal(new Set(loop.recorded.map(({ id }) => id)).size, 4);
});

test('no more attempts than allowed are made, and none where none can help', async () => {
  const startError = { code: 'ENOENT', message: 'there is no such program', permanent: true };
  const loop = played(settingsOf([module('a', { retries: 1 }), module('gone', { retries: 5 })]));
  const { ended } = loop.supervisor.all();
  await until('both are started', () => loop.started.length === 2);
  loop.end('gone', childEnd({ startError, exitCode: null, cpuSeconds: null, memoryMb: null }));
  loop.end('a', { exitCode: 1 });
  await until('a is tried again', () => loop.started.length === 3);
  loop.end('a', { exitCode: 1 });
  await ended;
  assert.deepEqual(loop.started, ['a', 'gone', 'a']);
  const gone = loop.recorded.find(({ module: name }) => name === 'gone');
  assert.deepEqual([gone?.outcome, gone?.reason], ['error', 'there is no such program']);
});
