import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ruleFor } from '../src/config/rules.ts';
import { Detection } from '../src/detection.ts';
import type { Run } from '../src/glossary/run.ts';
import type { Sample } from '../src/glossary/sample.ts';
import type { Settings } from '../src/glossary/settings.ts';
import { judgeRun } from '../src/judge.ts';
import { recommendationsFor } from '../src/recommend/findings.ts';
import { factsOf } from '../src/recommending.ts';
import type { Store } from '../src/store/store.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { DAY_MS, HOUR_MS, ids, noisy, runOf, START_MS } from './recommend/histories.ts';
import { aStore } from './store/fixtures.ts';
import { module, service, settingsOf } from './supervise/played.ts';

failOnLeaks();

const NOW_MS = START_MS + DAY_MS;

/** Runs of `a` judged, assessed and recorded, as a supervisor does. */
function played(t: TestContext, seconds: readonly number[]): { store: Store; settings: Settings } {
  const { store } = aStore(t);
  const settings = { ...settingsOf([module('a', { timeoutMs: 120_000 })]), root: '/' };
  const detection = new Detection(store, null);
  seconds.forEach((runtimeSeconds, index) => {
    const run: Run = runOf(index, { runtimeSeconds, custom: { constructor: 3 } });
    const judged = judgeRun(
      store.moduleState('a'),
      run,
      metric => ruleFor(settings.detection, 'a', metric),
      ({ id }, metric) => `${id} ${metric}`,
    );
    const { events, changes } = detection.assess(run, judged.events, settings.detection);
    store.recordRun(run, { ...judged, events }, changes);
  });
  return { store, settings };
}

test('alarms that the detectors doubt, in a history that was really judged, are found to be noise', t => {
  const { store, settings } = played(t, noisy(3, 250, 5, 16));
  const facts = factsOf(settings, store, NOW_MS);
  const [first] = facts.modules;
  assert.ok(first !== undefined && first.incidents.length > 6);
  assert.ok(
    first.incidents.every(({ confidence }) => confidence !== null && confidence >= 0 && confidence <= 1),
  );
  assert.deepEqual(ids(recommendationsFor(facts)), ['a.noise.runtimeSeconds']);
});

test('of a service the hours of its present life are known, and none of one that has been gone for a day', t => {
  const { store, settings } = played(t, [5]);
  const sampled = (metric: string, source: string, values: number[], endMs = NOW_MS): Sample[] =>
    values.map((value, index) => ({
      ...{ source, metric, value, labels: {}, timeMs: endMs - (values.length - index) * (HOUR_MS / 2) },
    }));
  const uptimes = Array.from({ length: 100 }, (_, half) => ((half < 40 ? half : half - 40) + 0.1) * 1_800);
  store.addSamples([
    ...sampled(
      'memoryMb',
      'feed',
      uptimes.map(seconds => 50 + seconds / 3_600),
    ),
    ...sampled('uptimeSeconds', 'feed', uptimes),
    ...sampled('memoryMb', 'gone', uptimes, NOW_MS - 2 * DAY_MS),
    ...sampled('uptimeSeconds', 'gone', uptimes, NOW_MS - 2 * DAY_MS),
  ]);
  const services = ['feed', 'gone', 'new'].map(name => service(name));
  const [feed, gone, fresh] = factsOf({ ...settings, services }, store, NOW_MS).services;
  assert.equal(feed?.timesMs.length, 30, 'it was started 30 hours ago');
  assert.ok((feed?.memoryMb[0] ?? 0) < 51 && (feed?.memoryMb.at(-1) ?? 0) > 78);
  assert.deepEqual([gone?.memoryMb, fresh?.memoryMb], [[], []]);
  const found = recommendationsFor(factsOf({ ...settings, services }, store, NOW_MS));
  assert.deepEqual(
    ids(found).filter(id => id.startsWith('feed')),
    ['feed.memory-growth'],
  );
});

test('facts are those of the configured modules, of the last weeks, with the rule of each metric', t => {
  const { store, settings } = played(t, [...noisy(4, 60, 5, 3), 20, 5, 5, 5]);
  store.addMiss('a');
  const facts = factsOf({ ...settings, modules: [module('a'), module('new')] }, store, NOW_MS);
  const [a, fresh, ...more] = facts.modules;
  assert.deepEqual(more, []);
  assert.deepEqual([a?.runs.length, a?.misses, a?.incidents.length], [64, 1, 1]);
  assert.equal(a?.rules['constructor']?.thresholdPercent, 25, 'a name of the user, and no inherited one');
  assert.deepEqual([fresh?.runs, fresh?.incidents, Object.keys(fresh?.rules ?? {})], [[], [], []]);
  assert.ok(facts.machine.cores >= 1 && (facts.machine.diskFreeMb ?? 1) > 0);
  const later = factsOf(settings, store, NOW_MS + 40 * DAY_MS);
  assert.deepEqual(later.modules[0]?.incidents, [], 'what was weeks ago is past');
});
