import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schedule } from '../../src/glossary/settings.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { aRun, at } from '../store/fixtures.ts';
import { module, played, settingsOf } from './played.ts';

failOnLeaks();

const hourly: Schedule = { kind: 'every', intervalMs: 3_600_000 };
/** A year ago, and in the middle between two of its slots. */
const longAgo = (): number => Date.now() - 365 * 86_400_000 - 1_800_000;

test('with runAtStart every module runs once in one iteration, also those that nothing else would start', async () => {
  const modules = [
    module('tail', { after: ['head'] }),
    module('head', { schedule: hourly }),
    module('watcher', { watch: ['in/*.json'] }),
    module('both', { schedule: hourly, after: ['head'] }),
  ];
  const loop = played({ ...settingsOf(modules), runAtStart: true });
  await loop.supervisor.open();
  loop.supervisor.start();
  await until('the first are started', () => loop.started.length === 2);
  assert.deepEqual(loop.started, ['head', 'watcher']);
  loop.end('head');
  loop.end('watcher');
  await until('the others are started', () => loop.started.length === 4);
  loop.end('both');
  loop.end('tail');
  await until('it is published', () => loop.published.length === 1);
  assert.deepEqual(loop.started.slice(2).toSorted(), ['both', 'tail']);
  await loop.supervisor.stop();
  assert.equal(loop.published.length, 1);
});

test('without runAtStart nothing runs that is not due', async () => {
  const loop = played(settingsOf([module('a', { schedule: hourly }), module('b')]));
  await loop.supervisor.open();
  loop.supervisor.start();
  await loop.supervisor.stop();
  assert.deepEqual([loop.started, loop.published], [[], []]);
});

test('all that was missed while no supervisor ran becomes one run', async () => {
  const loop = played(settingsOf([module('a', { schedule: hourly })]));
  loop.slots.set('a', longAgo());
  await loop.supervisor.open();
  loop.supervisor.start();
  await until('it is started', () => loop.started.length === 1);
  loop.end('a');
  await until('it is published', () => loop.published.length === 1);
  const left = Date.now() - (loop.slots.get('a') ?? 0);
  await loop.supervisor.stop();
  assert.deepEqual(loop.started, ['a']);
  assert.ok(left >= 1_800_000 && left < 3_600_000, `its last slot is ${left} ms ago`);
});

test('what a start runs anyway is not caught up again', async () => {
  const loop = played({ ...settingsOf([module('a', { schedule: hourly })]), runAtStart: true });
  loop.slots.set('a', longAgo());
  await loop.supervisor.open();
  loop.supervisor.start();
  await until('it is started', () => loop.started.length === 1);
  loop.end('a');
  await until('it is published', () => loop.published.length === 1);
  await loop.supervisor.stop();
  assert.deepEqual([loop.started, [...loop.misses]], [['a'], []]);
});

test('runs that a killed supervisor had begun are recorded as killed, before anything else runs', async () => {
  const started = {
    id: 'old-run',
    module: 'a',
    iteration: 7,
    trigger: 'schedule',
    attempt: 1,
    startedAt: '2026-01-01T00:00:00.000Z',
    revision: null,
  } as const;
  const loop = played(settingsOf([module('a')]), { history: { abandonedRuns: () => [started] } });
  await loop.supervisor.open();
  assert.deepEqual(
    loop.recorded.map(({ id, outcome, exitCode, runtimeSeconds, reason }) => [
      id,
      outcome,
      exitCode,
      runtimeSeconds,
      reason,
    ]),
    [['old-run', 'killed', null, null, 'its supervisor was killed while it ran']],
  );
});

test('an iteration whose supervisor was killed before it was over is finished with all that is recorded of it', async () => {
  const runs = [
    aRun({ module: 'a', iteration: 7, outcome: 'error', endedAt: at(5) }),
    aRun({ module: 'b', iteration: 7, endedAt: at(4) }),
  ];
  const finished: unknown[] = [];
  const loop = played(settingsOf([module('a'), module('b')]), {
    history: {
      unfinishedIterations: () => [7],
      recordedIn: iterations => [...iterations].map(iteration => ({ iteration, runs, events: [] })),
      finishIteration: (iteration, end) => void finished.push([iteration, end]),
    },
  });
  await loop.supervisor.open();
  assert.deepEqual(finished, [[7, { endedAt: at(5), message: 'Module failed: a (error)', status: 'error' }]]);
});

test('services that do not come up are named, and the modules run all the same', async () => {
  const services = {
    start: () => {},
    update: async () => {},
    ready: async () => ['feed', 'cache'],
    stop: async () => {},
    kill: () => {},
  };
  const loop = played({ ...settingsOf([module('a')]), runAtStart: true }, { ports: { services } });
  await loop.supervisor.open();
  assert.match(loop.warnings.join('\n'), /going on without feed, cache/);
  loop.supervisor.start();
  await until('it is started', () => loop.started.length === 1);
  await loop.supervisor.stop();
});
