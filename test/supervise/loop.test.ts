import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WatchkeeperError } from '../../src/errors.ts';
import type { Run } from '../../src/glossary/run.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { module, type Played, played, settingsOf } from './played.ts';

failOnLeaks();

const outcomes = (runs: Run[]): string[] => runs.map(run => `${run.module} ${run.outcome}`);
const begun = (loop: Played, ...names: string[]): Promise<true> =>
  until(`${names.join(', ')} have been started`, () => names.every(name => loop.started.includes(name)));

test('iterations overlap: a module that takes long does not hold up another one', async () => {
  const loop = played(settingsOf([module('long'), module('quick')]));
  const first = loop.supervisor.trigger(['long'], 'manual');
  const second = loop.supervisor.trigger(['quick'], 'manual');
  await begun(loop, 'long', 'quick');
  loop.end('quick');
  assert.equal((await second.ended)?.iteration, 2);
  assert.deepEqual(outcomes(loop.recorded), ['quick ok']);
  loop.end('long');
  assert.equal((await first.ended)?.iteration, 1);
});

test('modules of an iteration that do not wait for one another run at the same time', async () => {
  const loop = played(settingsOf([module('a'), module('b'), module('c', { after: ['a', 'b'] })]));
  const { ended } = loop.supervisor.all();
  await begun(loop, 'a', 'b');
  loop.end('a');
  await until('a is recorded', () => loop.recorded.length === 1);
  assert.deepEqual(loop.started, ['a', 'b']);
  loop.end('b');
  await begun(loop, 'c');
  loop.end('c');
  await ended;
  assert.deepEqual(
    loop.recorded.map(({ module: name, trigger }) => [name, trigger]),
    [
      ['a', 'schedule'],
      ['b', 'schedule'],
      ['c', 'after'],
    ],
  );
});

test('a module that still runs is not started twice: the miss is counted and told, the others go on', async () => {
  const loop = played(settingsOf([module('slow'), module('other'), module('tail', { after: ['slow'] })]));
  const first = loop.supervisor.trigger(['slow'], 'manual');
  await begun(loop, 'slow');
  const second = loop.supervisor.trigger(['slow', 'other'], 'manual');
  assert.deepEqual([second.modules, second.missed], [['other'], ['slow']]);
  const third = loop.supervisor.trigger(['slow'], 'manual');
  assert.deepEqual([third.iteration, third.modules, third.missed, third.ended], [null, [], ['slow'], null]);
  await begun(loop, 'other');
  loop.end('other');
  await second.ended;
  assert.deepEqual(outcomes(loop.recorded), ['other ok']);
  loop.end('slow');
  await begun(loop, 'tail');
  loop.end('tail');
  await first.ended;
  assert.deepEqual(loop.started, ['slow', 'other', 'tail']);
  assert.equal(loop.misses.get('slow'), 2);
  assert.match(loop.warnings.join('\n'), /slow was due while it was still running.*missed 2 so far/);
});

test('a module that an earlier iteration began meanwhile is a miss too, and what comes after it is left out', async () => {
  const chain = [module('a'), module('b', { after: ['a'] }), module('c', { after: ['b'] })];
  const loop = played(settingsOf(chain));
  const first = loop.supervisor.trigger(['a'], 'manual');
  await begun(loop, 'a');
  const second = loop.supervisor.trigger(['b'], 'manual');
  await begun(loop, 'b');
  loop.end('a');
  await first.ended;
  assert.deepEqual([outcomes(loop.recorded), loop.misses.get('b')], [['a ok'], 1]);
  loop.end('b');
  await begun(loop, 'c');
  loop.end('c');
  await second.ended;
  assert.deepEqual(loop.started, ['a', 'b', 'c']);
});

test('what comes after a failure is recorded as skipped, with the reason, and is not started', async () => {
  const chain = [module('a'), module('b', { after: ['a'] }), module('c', { after: ['b'] }), module('other')];
  const loop = played(settingsOf(chain));
  const { ended } = loop.supervisor.all();
  await begun(loop, 'a', 'other');
  loop.end('a', { exitCode: 2 });
  loop.end('other');
  await ended;
  const reasons = loop.recorded.map(({ module: name, outcome, reason }) => [name, outcome, reason]);
  assert.deepEqual(reasons.toSorted(), [
    ['a', 'error', 'exit code 2'],
    ['b', 'skipped', 'a failed'],
    ['c', 'skipped', 'b was skipped'],
    ['other', 'ok', null],
  ]);
  assert.deepEqual(loop.started, ['a', 'other']);
});

test('a run that the store cannot take is kept, told once, and recorded when it can', async () => {
  let failing = true;
  const loop = played(settingsOf([module('a')]), {
    history: {
      recordRun: () => {
        if (failing) throw new WatchkeeperError('store', 'the disk is full');
      },
    },
  });
  const first = loop.supervisor.trigger(['a'], 'manual');
  await begun(loop, 'a');
  loop.end('a');
  await until('it is told', () => loop.warnings.join().includes('a run of a cannot be recorded yet'));
  failing = false;
  assert.equal((await first.ended)?.runs[0]?.outcome, 'ok');
  assert.equal(loop.warnings.length, 1);
  const second = loop.supervisor.trigger(['a'], 'manual');
  await until('it is started again', () => loop.started.length === 2);
  loop.end('a');
  assert.equal((await second.ended)?.iteration, 2);
  assert.deepEqual(loop.fatal, []);
});

test('a skipped run that the store cannot take is kept as well, and what does not wait for it is started', async () => {
  let failing = true;
  const recorded: Run[] = [];
  const chain = [module('a'), module('b', { after: ['a'] }), module('c')];
  const loop = played(settingsOf(chain), {
    history: {
      recordRun: run => {
        if (failing && run.outcome === 'skipped') throw new WatchkeeperError('store', 'the disk is full');
        recorded.push(run);
      },
    },
  });
  const { ended } = loop.supervisor.all();
  await begun(loop, 'a', 'c');
  loop.end('a', { exitCode: 1 });
  await until('it is told', () => loop.warnings.join().includes('a run of b cannot be recorded yet'));
  loop.end('c');
  failing = false;
  assert.deepEqual(outcomes((await ended)?.runs ?? []), ['a error', 'b skipped', 'c ok']);
  assert.deepEqual(outcomes(recorded).toSorted(), ['a error', 'b skipped', 'c ok']);
});

test('of two modules that cannot be started at all both reasons are told', async () => {
  const begunRuns: string[] = [];
  const loop = played(settingsOf([module('a'), module('b')]), {
    history: { beginRun: run => void begunRuns.push(run.module) },
    ports: {
      launch: ({ name }) => {
        throw new WatchkeeperError('file', `no room for the report of ${name}`);
      },
    },
  });
  const { ended } = loop.supervisor.all();
  await assert.rejects(ended ?? Promise.resolve(), /no room for the report of a/);
  assert.match(loop.warnings.join('\n'), /no room for the report of b/);
  assert.deepEqual(begunRuns, [], 'a later start would take them for runs of a killed supervisor');
});

test('a workspace that was taken over ends the loop', async () => {
  const taken = new WatchkeeperError('fenced', 'taken over');
  const loop = played(settingsOf([module('a')]), {
    history: {
      recordRun: () => {
        throw taken;
      },
    },
  });
  const { ended } = loop.supervisor.trigger(['a'], 'manual');
  await begun(loop, 'a');
  loop.end('a');
  await assert.rejects(ended ?? Promise.resolve(), /taken over/);
  await until('it is told', () => loop.fatal.length > 0);
  assert.deepEqual(loop.fatal, [taken]);
});

test('an iteration that is under way ends with the settings that it began with, the next has the new ones', async () => {
  const loop = played(settingsOf([module('a'), module('old', { after: ['a'] })]));
  const first = loop.supervisor.all();
  await begun(loop, 'a');
  await loop.supervisor.reload(settingsOf([module('a'), module('new', { after: ['a'] })]));
  loop.end('a');
  await begun(loop, 'old');
  loop.end('old');
  await first.ended;
  const second = loop.supervisor.all();
  await until('a is started again', () => loop.started.length === 3);
  loop.end('a');
  await begun(loop, 'new');
  loop.end('new');
  await second.ended;
  assert.deepEqual(loop.started, ['a', 'old', 'a', 'new']);
  assert.deepEqual(loop.supervisor.unknown(['new', 'old']), ['old']);
  await loop.supervisor.stop();
});

test('so many iterations as were allowed are started, and the last one is waited for', async () => {
  const loop = played(settingsOf([module('a'), module('b')]), { iterations: 2 });
  let finished = false;
  void loop.supervisor.finished().then(() => {
    finished = true;
  });
  const first = loop.supervisor.trigger(['a'], 'manual');
  const second = loop.supervisor.trigger(['b'], 'manual');
  await begun(loop, 'a', 'b');
  loop.end('b');
  await second.ended;
  assert.equal(finished, false);
  assert.equal(loop.supervisor.trigger(['b'], 'manual').iteration, null);
  loop.end('a');
  await first.ended;
  await loop.supervisor.finished();
  assert.deepEqual(
    loop.published.map(({ iteration }) => iteration),
    [2, 1],
  );
});

test('iterations that end faster than they can be shown are shown together, each with its end noted, and nothing piles up', async () => {
  const modules = Array.from({ length: 40 }, (_, index) => module(`m${index}`));
  const gate = Promise.withResolvers<void>();
  const shown: number[] = [];
  const loop = played(settingsOf(modules), {
    ports: {
      publish: async closed => {
        shown.push(closed.iteration);
        await gate.promise;
        return { ...closed, message: 'published', status: 'ok', commit: null };
      },
    },
  });
  const all = modules.map(({ name }) => loop.supervisor.trigger([name], 'manual'));
  for (const { name } of modules) {
    await begun(loop, name);
    loop.end(name);
  }
  await until('all are recorded', () => loop.recorded.length === 40);
  gate.resolve();
  const summaries = await Promise.all(all.map(({ ended }) => ended));
  assert.equal(new Set(summaries.map(summary => summary?.iteration)).size, 40);
  assert.equal(shown.length, 11, 'the first one and the last ten');
  assert.deepEqual(shown.length + loop.noted.length, 40);
  assert.ok(shown.includes(40), 'the last one shows what the others had to show');
  assert.deepEqual(loop.warnings, [
    'iterations end faster than they can be shown and committed: several are shown and committed together',
  ]);
  assert.deepEqual(loop.infos, ['each iteration is shown and committed by itself again']);
});
