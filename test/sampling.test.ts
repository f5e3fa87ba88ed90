import assert from 'node:assert/strict';
import { existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, type TestContext, test } from 'node:test';
import { CLOCK } from '../src/clock.ts';
import { WatchkeeperError } from '../src/errors.ts';
import type { Sample } from '../src/glossary/sample.ts';
import type { ServiceUse } from '../src/glossary/service.ts';
import type { Settings } from '../src/glossary/settings.ts';
import { reportMetric } from '../src/intake/report-metric.ts';
import { Sampling } from '../src/sampling.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { temporaryFolder } from './helpers/workspace.ts';
import { module, service, settingsOf } from './supervise/played.ts';

const cleanUps: (() => Promise<void>)[] = [];

// Before the check for leaks.
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

failOnLeaks();

const NONE = { system: {}, intake: {} };

function aSampling(
  t: TestContext,
  part: Partial<Settings>,
  write = (_: readonly Sample[]): void => undefined,
  owns = (): boolean => true,
  services = (): ServiceUse[] => [],
) {
  const settings: Settings = { ...settingsOf([module('collector')]), ...part, root: temporaryFolder(t) };
  const [written, warnings, fatal]: [Sample[], string[], WatchkeeperError[]] = [[], [], []];
  const sampling = new Sampling({
    ...{ clock: CLOCK, settings, overrides: NONE, owns, services },
    write: samples => {
      write(samples);
      written.push(...samples);
    },
    warn: message => void warnings.push(message),
    onFatal: error => void fatal.push(error),
  });
  cleanUps.push(() => sampling.stop());
  return { sampling, settings, written, warnings, fatal, path: join(settings.root, 'data', 'metrics.sock') };
}

const ON = { system: { enabled: true, everyMs: 3_600_000 }, intake: { socket: true, flushMs: 3_600_000 } };
const OFF = { system: { enabled: false, everyMs: 3_600_000 }, intake: { socket: false, flushMs: 3_600_000 } };

const sourcesOf = (samples: Sample[]): string[] => [...new Set(samples.map(({ source }) => source))].sort();

test('what the machine and programs say is written at the end, and everything is gone', async t => {
  const { sampling, settings, written, path } = aSampling(t, ON);
  await sampling.start();
  assert.equal(sampling.socket(), path);
  await reportMetric(settings.root, { metric: 'rows', value: 7, source: 'collector' });
  assert.deepEqual(written, [], 'not at once');
  await sampling.stop();
  assert.deepEqual(sourcesOf(written), ['collector', 'system']);
  assert.equal(existsSync(path), false);
});

test('services are sampled with the machine', async t => {
  const use = { name: 'feed', uptimeSeconds: 7, memoryMb: 51.2 };
  const { sampling, written } = aSampling(t, ON, undefined, undefined, () => [use]);
  await sampling.start();
  await sampling.stop();
  assert.deepEqual(
    written.filter(({ source }) => source === 'feed').map(({ metric, value }) => [metric, value]),
    [
      ['memoryMb', 51.2],
      ['uptimeSeconds', 7],
    ],
  );
});

test('what is switched off leaves nothing, and a reload switches it on and off', async t => {
  const { sampling, settings, written, path } = aSampling(t, OFF);
  await sampling.start();
  assert.deepEqual([sampling.socket(), existsSync(path)], [null, false]);
  await sampling.reload({ ...settings, ...ON });
  assert.deepEqual([sampling.socket(), lstatSync(path).isSocket()], [path, true]);
  await reportMetric(settings.root, { metric: 'rows', value: 7 });
  await sampling.reload({ ...settings, ...OFF });
  assert.equal(existsSync(path), false);
  await sampling.stop();
  assert.deepEqual(sourcesOf(written), ['custom', 'system']);
});

test('a service may report its own memory for as long as nobody samples it', async t => {
  const reporting = { services: [service('feed')], ...OFF, intake: ON.intake };
  const { sampling, settings, written, warnings } = aSampling(t, reporting);
  const report = (value: number) =>
    reportMetric(settings.root, { metric: 'memoryMb', value, source: 'feed' });
  await sampling.start();
  await report(51);
  await sampling.reload({ ...settings, system: ON.system });
  await report(52);
  await sampling.reload(settings);
  await report(53);
  await sampling.stop();
  const values = written.filter(({ source }) => source === 'feed').map(({ value }) => value);
  assert.deepEqual(values, [51, 53]);
  assert.match(warnings.join(), /memoryMb of a service is measured, and cannot be reported/);
});

test('a reload that changes neither leaves both as they are, and knows the new names', async t => {
  const { sampling, settings, written, path } = aSampling(t, ON);
  await sampling.start();
  const before = lstatSync(path).ino;
  await sampling.reload({ ...settings, modules: [module('collector'), module('backtester')] });
  assert.equal(lstatSync(path).ino, before);
  await reportMetric(settings.root, { metric: 'backtester.trades', value: 1 });
  await sampling.stop();
  assert.ok(written.some(({ source, metric }) => source === 'backtester' && metric === 'trades'));
  assert.equal(written.filter(({ metric }) => metric === 'load1').length, 1);
});

test('the environment overrides the settings, also after a reload', async t => {
  const { settings } = aSampling(t, OFF);
  const overrides = { system: { enabled: true }, intake: {} };
  const written: Sample[] = [];
  const sampling = new Sampling({
    ...{ clock: CLOCK, settings, overrides, owns: () => true, warn: assert.fail, onFatal: assert.fail },
    services: () => [],
    write: samples => void written.push(...samples),
  });
  cleanUps.push(() => sampling.stop());
  await sampling.start();
  await sampling.reload({ ...settings, intake: { ...settings.intake, flushMs: 1_000 } });
  await sampling.stop();
  assert.equal(written.filter(({ metric }) => metric === 'load1').length, 1);
});

test('samples that cannot be written are kept for the next try, told once, and bounded', async t => {
  let failing = true;
  let largest = 0;
  const { sampling, written, warnings, fatal } = aSampling(t, OFF, samples => {
    if (failing) throw new WatchkeeperError('store', 'the disk is full');
    largest = Math.max(largest, samples.length);
  });
  await sampling.start();
  const many = (count: number): Sample[] =>
    Array.from({ length: count }, (_, index) => ({
      ...{ timeMs: index, source: 'custom', metric: 'a', labels: {}, value: index },
    }));
  sampling.take(many(50_000));
  await sampling.stop();
  await sampling.stop();
  sampling.take(many(20_000));
  failing = false;
  await sampling.stop();
  assert.equal(written.length, 60_000);
  assert.equal(largest, 5_000, 'never so many at once that the loop has to wait');
  assert.equal(written[59_999]?.value, 9_999, 'in their order');
  assert.deepEqual(fatal, []);
  assert.equal(warnings.length, 2);
  assert.match(warnings[0] ?? '', /^samples cannot be written: the disk is full/);
  assert.match(warnings[1] ?? '', /^10000 sample\(s\) were dropped/);
});

test('a workspace that is not ours any more ends the supervisor', async t => {
  const { sampling, warnings, fatal } = aSampling(t, ON, () => {
    throw new WatchkeeperError('fenced', 'another supervisor has taken this workspace over');
  });
  await sampling.start();
  await sampling.stop();
  assert.deepEqual([fatal.map(({ code }) => code), warnings], [['fenced'], []]);
});

test('the place of the socket belongs to whoever owns the workspace', async t => {
  const { sampling, warnings, path } = aSampling(t, ON, undefined, () => false);
  await sampling.start();
  assert.equal(existsSync(path), false);
  assert.match(warnings.join(), /metrics\.sock is not there.*this workspace is not ours any more/);
});
