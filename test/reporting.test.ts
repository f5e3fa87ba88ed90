import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSettings } from '../src/config/load.ts';
import type { Settings } from '../src/glossary/settings.ts';
import { recommendationsOf, reportOf } from '../src/reporting.ts';
import { workspaceToAsk } from './cli/asked.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { workspaceAt } from './helpers/workspace.ts';
import {
  assertFinite,
  DAY_MS,
  HOUR_MS,
  NOW_MS,
  noisy,
  record,
  runtimes,
  samples,
  tidied,
} from './questions/histories.ts';

failOnLeaks();

const YAML = `timezone: Europe/Berlin
modules:
  collector: { command: "true", schedule: every 5m, timeout: 1m }
  trainer: { command: "true", after: [collector], schedule: "0 3 * * *" }
  by-hand: { command: "true" }
detection: { floors: { runtimeSeconds: 10 } }
`;

async function settingsOf(root: string): Promise<Settings> {
  const loaded = await loadSettings(root);
  assert.ok(loaded.ok);
  return loaded.settings;
}

/** A disk that will be full in four days, after fifty. */
const EMPTYING = noisy(1, 1_200, 1, 0.0005).map((noise, hour) => 8 * (1_300 - hour) * noise);

test('a report knows of the configuration: schedules, timeouts, floors, the time zone', async t => {
  const { store, root } = workspaceToAsk(t, YAML);
  for (const module of ['collector', 'trainer', 'by-hand', 'gone'])
    record(store, module, runtimes([...noisy(1, 40, 1), ...noisy(2, 20, 1.5)]));
  const data = await reportOf(store, await settingsOf(root), null, NOW_MS);
  assertFinite(data);
  assert.equal(data.timezone, 'Europe/Berlin');
  assert.deepEqual(
    data.modules.map(({ name, schedule, metrics }) => [name, schedule, metrics[0]?.limit?.value ?? null]),
    [
      ['collector', 'every 5m', 60],
      ['trainer', '0 3 * * * (Europe/Berlin), after collector', null],
      ['by-hand', null, null],
      ['gone', null, null],
    ],
  );
  assert.ok(
    data.modules.every(({ metrics }) => metrics[0]?.regression?.verdict === 'same'),
    'below the floor',
  );
});

test('a revision has what its commit says, where the repository still knows it and git is not switched off', async t => {
  const { store, root } = workspaceToAsk(t, YAML);
  const { git } = workspaceAt(root);
  git('init', '--quiet');
  git('commit', '--quiet', '--allow-empty', '--message=fix: <b>all</b> of it');
  const revision = git('rev-parse', '--short', 'HEAD').trim();
  record(store, 'collector', [{ revision: '0123456' }, { revision }, { revision: `${revision}+` }]);
  const subjects = async (settings: Settings) =>
    (await reportOf(store, settings, null, NOW_MS)).modules[0]?.revisions.map(({ subject }) => subject);
  const settings = await settingsOf(root);
  assert.deepEqual(await subjects(settings), [null, 'fix: <b>all</b> of it', 'fix: <b>all</b> of it']);
  const without = { ...settings, git: { ...settings.git, enabled: false } };
  assert.deepEqual(await subjects(without), [null, null, null]);
});

test('a disk that will be full is recommended to be looked after, from samples as from roll-ups', async t => {
  const { store, root } = workspaceToAsk(t, YAML);
  const settings = await settingsOf(root);
  store.addSamples(samples({ metric: 'diskFreeMb' }, EMPTYING, { everyMs: HOUR_MS }));
  for (const when of ['before', 'after']) {
    const disk = recommendationsOf(store, settings, NOW_MS).find(({ title }) =>
      title.includes('system.diskFreeMb'),
    );
    assert.match(
      disk?.title ?? when,
      /^system\.diskFreeMb reaches an empty disk \(0\) in about \d+ day\(s\)/,
    );
    tidied(store);
  }
});

test('a runtime that grows towards its timeout, and memory that runs out, are seen a month before', async t => {
  const { store, root } = workspaceToAsk(t, YAML);
  const growing = noisy(1, 600, 1, 0.01).map((noise, run) => noise * (5 + run / 20));
  record(store, 'collector', runtimes(growing, { memoryMb: 50 }), { everyMs: HOUR_MS });
  record(store, 'trainer', runtimes(growing, { memoryMb: 50 }), { everyMs: HOUR_MS });
  const hours = (metric: string, values: number[]) => samples({ metric }, values, { everyMs: HOUR_MS });
  store.addSamples([
    ...hours(
      'memoryUsedMb',
      growing.map(seconds => 100 * seconds),
    ),
    ...hours(
      'memoryAvailableMb',
      growing.map(seconds => 5_000 - 100 * seconds),
    ),
  ]);
  const found = recommendationsOf(store, await settingsOf(root), NOW_MS).filter(({ id }) =>
    id.includes('capacity'),
  );
  assert.deepEqual(
    found.map(({ id, change }) => [id, change?.to ?? null]).sort(),
    [
      ['capacity.system.memoryUsedMb', null],
      ['collector.capacity.runtimeSeconds', '2m'],
    ],
    'a module without a timeout has no limit',
  );
  const { system, modules, recommendations } = await reportOf(store, await settingsOf(root), null, NOW_MS);
  assert.deepEqual(
    recommendations.flatMap(({ metric }) => (metric === null ? [] : [metric])).sort(),
    ['memoryUsedMb', 'runtimeSeconds'],
    'each says which limit it is about',
  );
  const drawn = [...system, ...modules.flatMap(({ metrics }) => metrics)].filter(
    each => each.forecast !== null,
  );
  assert.deepEqual(
    drawn.map(({ metric, forecast }) => [metric, forecast?.reachesLimitMs !== null]),
    [
      ['memoryUsedMb', true],
      ['runtimeSeconds', true],
    ],
  );
});

test('a disk that has begun to fill lately is seen as well; one that has long been as it is has no forecast', async t => {
  const { store, root } = workspaceToAsk(t, YAML);
  const level = noisy(1, 720, 20_000, 0.001);
  store.addSamples(samples({ metric: 'diskFreeMb' }, level, { everyMs: HOUR_MS }));
  const diskOf = async () => {
    const { system } = await reportOf(store, await settingsOf(root), null, NOW_MS);
    return system.find(({ metric }) => metric === 'diskFreeMb');
  };
  assert.equal((await diskOf())?.forecast, null);
  store.addSamples(
    samples(
      { metric: 'diskFreeMb' },
      level.slice(0, 60).map((value, hour) => value - 150 * hour),
      { everyMs: HOUR_MS, endMs: NOW_MS + 60 * HOUR_MS },
    ),
  );
  const later = await reportOf(store, await settingsOf(root), null, NOW_MS + 60 * HOUR_MS);
  assert.ok(later.system.find(({ metric }) => metric === 'diskFreeMb')?.forecast !== null);
});

test('what a clock that was ahead has left of the machine, and of nothing else, keeps no report from being made', async t => {
  const { store, root } = workspaceToAsk(t, YAML);
  store.addSamples(
    samples({ metric: 'diskFreeMb' }, EMPTYING, { everyMs: HOUR_MS, endMs: NOW_MS + 365 * DAY_MS }),
  );
  tidied(store);
  assertFinite(await reportOf(store, await settingsOf(root), NOW_MS - DAY_MS, NOW_MS));
});
