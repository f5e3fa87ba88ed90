import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryReader } from '../../src/history-reader.ts';
import { type ForecastAnswer, forecast } from '../../src/questions/forecast.ts';
import { type ReportSurroundings, report } from '../../src/questions/report.ts';
import { baselinesFor } from '../../src/questions/set-baseline.ts';
import type { Finding } from '../../src/recommend/finding.ts';
import { aJudgement, anEvent } from '../store/fixtures.ts';
import { aHistory } from './a-history.ts';
import {
  assertFinite,
  DAY_MS,
  HOUR_MS,
  iso,
  MINUTE_MS,
  NOW_MS,
  noisy,
  record,
  runtimes,
  samples,
  tidied,
} from './histories.ts';

const SURROUNDINGS: ReportSurroundings = {
  ...{ workspace: 'pipeline', timezone: 'UTC', findings: [], forecasts: [] },
  settingText: path => path.join('.'),
  floorOf: () => 0,
  scheduleOf: module => (module === 'collector' ? 'every 10m' : null),
  limitOf: (_, metric) => (metric === 'runtimeSeconds' ? { value: 60, name: 'timeout' } : null),
};

function reported(reader: HistoryReader, sinceMs?: number, surroundings = SURROUNDINGS, nowMs = NOW_MS) {
  const data = report(reader, sinceMs === undefined ? {} : { sinceMs }, surroundings, nowMs);
  assertFinite(data);
  return data;
}

const moduleOf = (data: ReturnType<typeof reported>, name: string) => {
  const found = data.modules.find(module => module.name === name);
  assert.ok(found !== undefined, name);
  return found;
};

const metricOf = (data: ReturnType<typeof reported>, module: string, metric: string) => {
  const found = moduleOf(data, module).metrics.find(each => each.metric === metric);
  assert.ok(found !== undefined, metric);
  return found;
};

test('a workspace in which nothing has run has an empty report', t => {
  const data = reported(aHistory(t));
  assert.deepEqual([data.modules, data.incidents, data.system, data.recommendations], [[], [], [], []]);
  assert.deepEqual(
    [data.fromMs, data.toMs, data.summary.runs, data.summary.successRate],
    [NOW_MS - 7 * DAY_MS, NOW_MS, 0, null],
  );
});

test('the runs of the time are counted, and those that failed are named', t => {
  const store = aHistory(t);
  record(store, 'gone', runtimes([1]), { endMs: NOW_MS - 30 * DAY_MS });
  record(store, 'collector', [
    ...runtimes([1, 1, 1], { revision: 'aaaaaaa', cpuSeconds: 3600 }),
    { outcome: 'timeout', reason: 'ended after 60 s', revision: 'bbbbbbb', cpuSeconds: 3600 },
    { outcome: 'skipped', cpuSeconds: null, runtimeSeconds: null, revision: null },
  ]);
  const data = reported(store);
  assert.deepEqual(
    data.modules.map(({ name }) => name),
    ['collector'],
    'a module without runs in the time is not shown',
  );
  const collector = moduleOf(data, 'collector');
  assert.deepEqual(collector.counts, { ok: 3, error: 0, timeout: 1, killed: 0, skipped: 1 });
  assert.deepEqual(
    [collector.schedule, collector.cpuHours, collector.lastRun?.outcome],
    ['every 10m', 4, 'skipped'],
  );
  assert.deepEqual(
    collector.failures.map(({ outcome, reason }) => [outcome, reason]),
    [['timeout', 'ended after 60 s']],
  );
  assert.deepEqual(
    collector.revisions.map(({ revision }) => revision),
    ['aaaaaaa', 'bbbbbbb'],
  );
  assert.deepEqual(
    [data.summary.runs, data.summary.failures, data.summary.successRate, data.summary.cpuHours],
    [4, 1, 0.75, 4],
  );
});

test('a metric is drawn run by run, with its limit, its trend and how recent runs compare', t => {
  const store = aHistory(t);
  record(store, 'collector', runtimes([...noisy(1, 100, 1), ...noisy(2, 20, 1.2)]), { everyMs: HOUR_MS });
  const runtime = metricOf(reported(store), 'collector', 'runtimeSeconds');
  assert.equal(runtime.series.kind === 'values' && runtime.series.values.length, 120);
  assert.deepEqual(runtime.limit, { value: 60, name: 'timeout' });
  assert.equal(runtime.trend?.direction, 'rising');
  assert.equal(runtime.regression?.verdict, 'worse');
  assert.match(runtime.regression?.words ?? '', /^the last 20 runs against the 100 run\(s\) before$/);
  assert.ok(runtime.baseline !== null && runtime.baseline.timesMs.length > 10);
});

test('of one run there is a chart, and nothing to compare', t => {
  const store = aHistory(t);
  record(store, 'collector', runtimes([1]));
  const { regression, trend, baseline } = metricOf(reported(store), 'collector', 'runtimeSeconds');
  assert.deepEqual([regression, trend, baseline], [null, null, null]);
});

test('an anomaly is marked where its run is drawn, and is left out of what is normal', t => {
  const store = aHistory(t);
  const values = noisy(1, 60, 1);
  const runs = record(
    store,
    'collector',
    runtimes(values.map((value, index) => (index % 10 === 5 ? 9 : value))),
  );
  const anomalies = runs.filter((_, index) => index % 10 === 5);
  const events = anomalies.map(({ id, endedAt }) =>
    anEvent({ run: id, time: endedAt, incident: id, value: 9 }),
  );
  record(store, 'other', [{}]);
  store.recordRun(
    { ...(runs[0] as (typeof runs)[0]), id: 'last', startedAt: iso(NOW_MS - 1) },
    aJudgement(events, null),
  );
  const runtime = metricOf(reported(store), 'collector', 'runtimeSeconds');
  assert.deepEqual(
    runtime.anomalies.map(({ timeMs }) => timeMs),
    anomalies.map(({ startedAt }) => Date.parse(startedAt)),
  );
  assert.ok(
    runtime.baseline?.high.every(high => high < 2),
    'no anomaly among what is normal',
  );
});

test('runs that a clock went back between are drawn in their order of time', t => {
  const store = aHistory(t);
  record(store, 'collector', runtimes([3, 4]), { endMs: NOW_MS });
  record(store, 'collector', runtimes([1, 2]), { endMs: NOW_MS - HOUR_MS });
  record(store, 'collector', runtimes([9]), { endMs: NOW_MS + DAY_MS });
  const data = reported(store);
  const { series } = metricOf(data, 'collector', 'runtimeSeconds');
  assert.deepEqual(series.kind === 'values' && series.values, [1, 2, 3, 4]);
  assert.equal(moduleOf(data, 'collector').counts.ok, 4);
});

test('a baseline that was set is the band, also one number', t => {
  const store = aHistory(t);
  record(store, 'collector', runtimes(noisy(1, 30, 1)));
  const kept = [
    ...baselinesFor(store, { module: 'collector', metrics: ['runtimeSeconds'] }, NOW_MS),
    ...baselinesFor(store, { module: 'collector', given: { memoryMb: 50 } }, NOW_MS),
  ];
  const reader = {
    ...store,
    baseline: (_: string, metric: string) => kept.find(each => each.metric === metric) ?? null,
  };
  const data = reported(reader);
  const runtime = metricOf(data, 'collector', 'runtimeSeconds').baseline;
  assert.deepEqual([runtime?.low, runtime?.high], [[kept[0]?.percentiles?.p5], [kept[0]?.percentiles?.p95]]);
  const memory = metricOf(data, 'collector', 'memoryMb').baseline;
  assert.deepEqual([memory?.low, memory?.high], [[50], [50]]);
});

test('incidents of the time, with what their first line says of how sure it is', t => {
  const store = aHistory(t);
  const [run] = record(store, 'collector', [{}]);
  const first = { confidence: 0.9, severity: 'warning' as const, kind: 'spike' as const };
  const below = {
    incident: 'open',
    direction: 'below' as const,
    value: 1,
    baseline: 2,
    deviationPercent: 50,
  };
  const events = [
    anEvent({ time: iso(NOW_MS - HOUR_MS), ...below, ...first }),
    anEvent({ time: iso(NOW_MS - MINUTE_MS), ...below, runsOpen: 1, confidence: 0.1 }),
  ];
  store.recordRun({ ...(run as NonNullable<typeof run>), id: 'x' }, aJudgement(events, 'open'));
  const data = reported(store);
  assert.equal(data.summary.openIncidents, 1);
  const [incident] = data.incidents;
  assert.deepEqual(
    [
      incident?.id,
      incident?.status,
      incident?.confidence,
      incident?.severity,
      incident?.runsOpen,
      incident?.endedAtMs,
    ],
    ['open', 'open', 0.9, 'warning', 1, null],
  );
  assert.equal(incident?.deviationPercent, -50, 'below is negative');
  const { anomalies } = metricOf(data, 'collector', 'runtimeSeconds');
  assert.deepEqual(
    anomalies.map(({ deviationPercent }) => deviationPercent),
    [-50, -50],
  );
  assert.equal(
    reported(store, NOW_MS - HOUR_MS / 2).incidents[0]?.id,
    'open',
    'open ones whenever they began',
  );
});

test('the machine by the hour, also of the hour that is not over, without that of single cores', t => {
  const store = aHistory(t);
  const part = { everyMs: 10 * MINUTE_MS, endMs: NOW_MS - MINUTE_MS };
  store.addSamples([
    ...samples({}, new Array(12).fill(20), part),
    ...samples({ labels: { core: '0' } }, new Array(12).fill(90), part),
    ...samples(
      { metric: 'diskFreeMb' },
      Array.from({ length: 12 }, (_, index) => 100 - index),
      part,
    ),
    ...samples(
      { metric: 'diskUsedPercent' },
      Array.from({ length: 12 }, (_, index) => 50 + index / 2),
      part,
    ),
    ...samples({ metric: 'memoryUsedMb' }, new Array(12).fill(600), part),
    ...samples({ metric: 'memoryAvailableMb' }, new Array(12).fill(400), part),
  ]);
  for (const when of ['before', 'after']) {
    const { summary, system } = reported(store);
    assert.deepEqual(summary.system.cpuPercent, { mean: 20, max: 20 }, when);
    assert.deepEqual([summary.system.diskFreeMb, summary.system.memoryTotalMb], [89, 1000]);
    assert.equal(Math.round(summary.system.diskTotalMb ?? 0), 200);
    assert.deepEqual(
      system.map(({ metric }) => metric),
      ['cpuPercent', 'memoryUsedMb', 'diskFreeMb'],
    );
    tidied(store);
  }
});

test('the machine is drawn look by look while the looks of the whole time are kept, and by the hour where they are not', t => {
  const store = aHistory(t);
  store.addSamples(samples({}, noisy(5, 120, 20), { everyMs: MINUTE_MS, endMs: NOW_MS - MINUTE_MS }));
  const drawn = (sinceMs?: number) => {
    const series = reported(store, sinceMs).system[0]?.series ?? assert.fail('nothing is drawn');
    return [series.kind, series.timesMs.length];
  };
  assert.deepEqual(drawn(), ['values', 120], 'a workspace that is two hours old');
  tidied(store);
  assert.deepEqual(drawn()[0], 'roll-up');
  assert.deepEqual(drawn(NOW_MS - HOUR_MS / 2), ['values', 30], 'the newest half hour');
  store.addSamples(samples({}, noisy(6, 8, 20), { everyMs: HOUR_MS, endMs: NOW_MS - 2 * HOUR_MS }));
  assert.deepEqual(drawn()[0], 'roll-up', 'over many hours they are fine enough');
});

test('the size of a disk is known from before it was full, and not of one that was never seen otherwise', t => {
  const store = aHistory(t);
  const look = (freeMb: number, usedPercent: number, agoMs: number) => [
    ...samples({ metric: 'diskFreeMb' }, [freeMb], { endMs: NOW_MS - agoMs }),
    ...samples({ metric: 'diskUsedPercent' }, [usedPercent], { endMs: NOW_MS - agoMs }),
  ];
  store.addSamples(look(0, 100, 0));
  const { diskFreeMb, diskTotalMb } = reported(store).summary.system;
  assert.deepEqual([diskFreeMb, diskTotalMb], [0, null]);
  store.addSamples(look(250, 75, 2 * HOUR_MS));
  assert.equal(reported(store).summary.system.diskTotalMb, 1000);
});

test('a forecast is drawn a quarter as far ahead as the report looks back; a limit may be reached later', t => {
  const store = aHistory(t);
  const line = Array.from({ length: 300 }, (_, hour) => 4 * (600 - hour));
  store.addSamples([
    ...samples({ metric: 'diskFreeMb' }, line, { everyMs: HOUR_MS, endMs: NOW_MS - MINUTE_MS }),
    ...samples({}, noisy(3, 300, 20), { everyMs: HOUR_MS, endMs: NOW_MS - MINUTE_MS }),
  ]);
  record(store, 'collector', runtimes(noisy(4, 300, 10)), { everyMs: HOUR_MS });
  const asked = { metric: 'system.diskFreeMb', aheadMs: 30 * DAY_MS, reaches: 0 };
  const of = (forecasts: ForecastAnswer[], sinceMs?: number, nowMs = NOW_MS) => {
    const { system, modules } = reported(store, sinceMs, { ...SURROUNDINGS, forecasts }, nowMs);
    assert.ok(
      modules.every(({ metrics }) => metrics.every(({ forecast: drawn }) => drawn === null)),
      'not of what none was made of',
    );
    return system.map(({ metric, forecast: drawn }) => [metric, drawn] as const);
  };
  const answer = forecast(store, asked, NOW_MS);
  const found = new Map(of([answer]));
  assert.equal(found.get('cpuPercent'), null);
  const drawn = found.get('diskFreeMb') ?? assert.fail('no forecast');
  const daysTo = (timeMs: number | null | undefined): number => ((timeMs ?? 0) - NOW_MS) / DAY_MS;
  assert.ok(daysTo(drawn.timesMs.at(-1)) > 1 && daysTo(drawn.timesMs.at(-1)) <= 7 / 4);
  assert.ok(daysTo(drawn.reachesLimitMs) > 11 && daysTo(drawn.reachesLimitMs) < 14, 'in 300 hours');
  assert.equal(drawn.values.length, drawn.low.length);
  const short = new Map(of([answer], NOW_MS - HOUR_MS)).get('diskFreeMb');
  assert.equal(short?.timesMs.length, 1, 'one step at least');
  const untold = { ...answer, steps: answer.steps.map(step => ({ ...step, low: null })) };
  assert.equal(new Map(of([untold])).get('diskFreeMb'), null, 'none without an interval');
  const unsure = new Map(of([{ ...answer, beatsNaive: false }])).get('diskFreeMb');
  assert.equal(unsure?.reachesLimitMs, null);
});

test('the machine has its limits, and a trend of what can run out', t => {
  const store = aHistory(t);
  const of = (metric: string, values: number[]) =>
    samples({ metric }, values, { everyMs: HOUR_MS, endMs: NOW_MS - MINUTE_MS });
  store.addSamples([
    ...of(
      'diskFreeMb',
      Array.from({ length: 150 }, (_, hour) => 4 * (160 - hour)),
    ),
    ...of('memoryUsedMb', noisy(1, 150, 600)),
    ...of('memoryAvailableMb', noisy(2, 150, 400)),
    ...of('cpuPercent', noisy(3, 150, 20)),
  ]);
  const { system } = reported(store);
  assert.deepEqual(
    system.map(({ metric, limit, trend }) => [metric, limit?.name, trend?.direction]),
    [
      ['cpuPercent', undefined, undefined],
      ['memoryUsedMb', 'all there is', 'steady'],
      ['diskFreeMb', 'full', 'falling'],
    ],
  );
});

test('what there is to recommend is told with its evidence', t => {
  const finding: Finding = {
    ...{ id: 'collector.timeout-near', module: 'collector', severity: 'warning' },
    ...{ title: 'collector is near its timeout', advice: 'set it to 3m' },
    evidence: { count: 60, of: 'runs', from: null, to: null, figures: { p99Seconds: 51.23456 } },
    ...{ limitedMetric: null, change: { path: ['modules', 'collector', 'timeout'], from: null, to: '3m' } },
  };
  const limited: Finding = { ...finding, limitedMetric: 'runtimeSeconds' };
  const told = (findings: Finding[]) =>
    reported(aHistory(t), undefined, { ...SURROUNDINGS, findings }).recommendations;
  const recommendations = told([finding]);
  assert.equal(told([limited])[0]?.metric, 'runtimeSeconds', 'whatever its id is');
  assert.deepEqual(recommendations, [
    {
      ...{ module: 'collector', metric: null, severity: 'warning', finding: 'is near its timeout' },
      evidence: ['set it to 3m', 'seen in 60 runs'],
      setting: { path: 'modules.collector.timeout', from: null, to: '3m' },
    },
  ]);
});

test('a time that has not begun has no report', t => {
  for (const sinceMs of [NOW_MS, NOW_MS + 1, Number.NaN])
    assert.throws(() => reported(aHistory(t), sinceMs), /a report begins before now/);
});
