import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WatchkeeperError } from '../../src/errors.ts';
import type { Settings } from '../../src/glossary/settings.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { aJudgement, anEvent, aRun, aStore } from '../store/fixtures.ts';
import { module, type Played, played, service, settingsOf } from './played.ts';

failOnLeaks();

const FEED = service('feed');
const OTHER_FEED = service('feed', { argv: ['false'] });

/** A loop whose services note each update; `up` lets them come up. */
function withServices(): { loop: Played; updates: number; up(): void } {
  const ready = Promise.withResolvers<string[]>();
  const facts = { updates: 0 };
  const loop = played(settingsOf([module('a')], [FEED]), {
    ports: {
      services: {
        start: () => {},
        update: async () => {
          facts.updates += 1;
        },
        ready: () => ready.promise,
        stop: async () => {},
        kill: () => {},
      },
    },
  });
  return Object.assign(facts, { loop, up: () => ready.resolve([]) });
}

const CHANGED = settingsOf([module('a'), module('b')], [OTHER_FEED]);

test('services are changed between iterations: what is running ends first, with the old ones', async () => {
  const played = withServices();
  const { ended } = played.loop.supervisor.trigger(['a'], 'manual');
  await until('a is started', () => played.loop.started.length === 1);
  const reloaded = played.loop.supervisor.reload(CHANGED);
  await until('it is told', () => played.loop.infos.some(info => info.includes('services have changed')));
  assert.equal(played.updates, 0);
  assert.notEqual(played.loop.supervisor.settings, CHANGED);
  assert.deepEqual(played.loop.supervisor.unknown(['b']), ['b']);
  played.loop.end('a');
  await ended;
  played.up();
  await reloaded;
  assert.equal(played.updates, 1);
  assert.equal(played.loop.supervisor.settings, CHANGED);
  assert.deepEqual(played.loop.supervisor.unknown(['b']), []);
  await played.loop.supervisor.stop();
});

test('while services are changed the schedules wait; afterwards they are followed again', async () => {
  const everySecond = { kind: 'every' as const, intervalMs: 20 };
  const played = withServices();
  played.loop.supervisor.start();
  const reloaded = played.loop.supervisor.reload(
    settingsOf([module('quick', { schedule: everySecond })], [OTHER_FEED]),
  );
  await until('the services are changed', () => played.updates === 1);
  assert.deepEqual(played.loop.slots, new Map());
  played.up();
  await reloaded;
  await until('the new schedule is followed', () => played.loop.started.includes('quick'));
  await played.loop.supervisor.stop();
});

test('an edit that leaves the services alone restarts none, and is in effect at once', async () => {
  const played = withServices();
  played.loop.supervisor.trigger(['a'], 'manual');
  await until('a is started', () => played.loop.started.length === 1);
  await played.loop.supervisor.reload(settingsOf([module('b')], [FEED]));
  assert.deepEqual([played.updates, played.loop.supervisor.unknown(['b'])], [0, []]);
  await played.loop.supervisor.stop();
});

test('a change of services that waits for a run that hangs is given up for a later change', async () => {
  const { loop, ...facts } = withServices();
  loop.supervisor.trigger(['a'], 'manual');
  await until('a is started', () => loop.started.length === 1);
  const later = new AbortController();
  const reloaded = loop.supervisor.reload(CHANGED, later.signal);
  await until('it is told', () => loop.infos.some(info => info.includes('running iterations end (a)')));
  later.abort();
  assert.equal(await reloaded, false);
  assert.equal(await loop.supervisor.reload(CHANGED, later.signal), false); // it came before the wait began
  assert.equal(await loop.supervisor.reload(settingsOf([module('c')], [FEED])), true);
  assert.deepEqual([facts.updates, loop.supervisor.unknown(['c'])], [0, []]);
  await loop.supervisor.stop();
});

test('a later change does not wait for services that do not come up, and is waited for itself', async () => {
  const played = withServices();
  const { loop } = played;
  loop.supervisor.start();
  const [quick, other] = [module('quick', { schedule: { kind: 'every', intervalMs: 20 } }), module('other')];
  const later = new AbortController();
  const reloaded = loop.supervisor.reload(settingsOf([quick], [OTHER_FEED]), later.signal);
  await until('the services wait', () => played.updates === 1);
  later.abort();
  assert.equal(await reloaded, false);
  const again = loop.supervisor.reload(settingsOf([quick, other], [OTHER_FEED]));
  await until('they wait once more', () => played.updates === 2);
  assert.deepEqual(loop.started, []);
  played.up();
  assert.equal(await again, true);
  await until('the schedule is followed', () => loop.started.includes('quick'));
  await loop.supervisor.stop();
});

test('what was under way when the settings changed runs by the old ones and is shown by the new ones', async () => {
  const shownBy: Settings[] = [];
  const loop = played(settingsOf([module('a'), module('tail', { after: ['a'] })]), {
    ports: {
      publish: async (closed, settings) => {
        shownBy.push(settings);
        return { ...closed, message: 'published', status: 'ok', commit: null };
      },
    },
  });
  const { ended } = loop.supervisor.trigger(['a'], 'manual');
  await until('a is started', () => loop.started.length === 1);
  const changed = settingsOf([module('a')]);
  await loop.supervisor.reload(changed);
  loop.end('a');
  await until('tail is started', () => loop.started.length === 2);
  loop.end('tail');
  await ended;
  assert.deepEqual(shownBy, [changed]);
});

test('a stop does not wait for a change of services that waits for a run', { timeout: 60_000 }, async () => {
  const played = withServices();
  played.loop.supervisor.trigger(['a'], 'manual');
  await until('a is started', () => played.loop.started.length === 1);
  const reloaded = played.loop.supervisor.reload(CHANGED);
  await played.loop.supervisor.stop();
  await reloaded;
  assert.equal(played.updates, 0);
});

test('an incident of what is no longer in the settings keeps no iteration from being `ok`', async t => {
  const { store } = aStore(t);
  const rule = { thresholdPercent: 25, window: 5, recoveryRuns: 3, floor: 0 };
  const loop = played(settingsOf([module('a'), module('gone'), module('b')]), {
    history: { incidents: store.incidents, dropIncidents: store.dropIncidents },
    ports: { ruleFor: (_detection, name) => (name === 'b' ? null : rule) },
  });
  for (const name of ['a', 'gone', 'b']) {
    const event = anEvent({ module: name, incident: name });
    store.recordRun(aRun({ module: name }), aJudgement([event], name));
  }
  const open = (): string[] => store.incidents({ open: true }).map(({ id }) => id);
  await loop.supervisor.open();
  assert.deepEqual(open(), ['gone', 'a']); // b is not judged
  await loop.supervisor.reload(settingsOf([module('a')]));
  assert.deepEqual(open(), ['a']);
  await loop.supervisor.reload(settingsOf([module('next')]));
  const { ended } = loop.supervisor.trigger(['next'], 'manual');
  const late = aJudgement([anEvent({ module: 'a', incident: 'late' })], 'late');
  store.recordRun(aRun({ module: 'a', id: 'R9' }), late); // its run was under way
  await until('next is started', () => loop.started.includes('next'));
  loop.end('next');
  await ended;
  assert.deepEqual([open(), loop.published[0]?.openIncidents], [[], []]);
  assert.match(loop.infos.join('\n'), /no longer judged.*gone\.runtimeSeconds/);
});

test('where the store cannot be asked for incidents, new settings are in effect all the same', async () => {
  const loop = played(settingsOf([module('a')]), {
    history: {
      incidents: () => {
        throw new WatchkeeperError('store', 'it cannot be read');
      },
    },
  });
  assert.equal(await loop.supervisor.reload(settingsOf([module('b')])), true);
  assert.deepEqual(loop.supervisor.unknown(['b']), []);
  assert.match(loop.warnings.join(), /it cannot be read/);
});
