import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleFor } from '../../src/config/rules.ts';
import type { Outcome, Run } from '../../src/glossary/run.ts';
import type { ModuleSettings, Schedule } from '../../src/glossary/settings.ts';
import { recommendationsFor } from '../../src/recommend/findings.ts';
import { seededRandom } from '../../src/stats/random.ts';
import {
  DAY_MS,
  factsWith,
  found,
  HOUR_MS,
  ids,
  incidentsOf,
  MINUTE_MS,
  noisy,
  retried,
  runOf,
  runsOf,
  START_MS,
} from './histories.ts';

function runtimes(seconds: readonly number[], everyMs?: number): Run[] {
  return runsOf(seconds.length, index => ({ runtimeSeconds: seconds[index] ?? null }), everyMs);
}

const steady = (count: number): Run[] => runtimes(noisy(1, count, 5, 5));

// ---- timeouts ----------------------------------------------------------------------------------------------

test('a module without a timeout whose runtimes are alike is given one, far above them', () => {
  const [finding, ...more] = found(steady(60), { settings: { timeoutMs: null } });
  assert.deepEqual(more, []);
  assert.equal(finding?.id, 'a.timeout-missing');
  assert.deepEqual(finding?.change, { path: ['modules', 'a', 'timeout'], from: null, to: '1m' });
  assert.equal(finding?.evidence.count, 60);
  assert.deepEqual(found(steady(49), { settings: { timeoutMs: null } }), [], 'too few runs');
  assert.deepEqual(
    found(runtimes(noisy(1, 60, 5, 150)), { settings: { timeoutMs: null } }),
    [],
    'too unlike',
  );
  const long = runtimes(noisy(1, 60, 1_800, 5), 3 * HOUR_MS);
  const [ofLong] = found(long, { settings: { timeoutMs: null, schedule: null } });
  assert.equal(ofLong?.change?.to, '3h');
});

test('a timeout that runs come near to is raised, the more urgently the more runs it ends', () => {
  const close = runtimes(noisy(2, 100, 50, 8));
  const near = found(close, { settings: { timeoutMs: 60_000, schedule: null } });
  assert.deepEqual(ids(near), ['a.timeout-near']);
  assert.equal(near[0]?.severity, 'warning');
  assert.deepEqual(near[0]?.change, { path: ['modules', 'a', 'timeout'], from: '1m', to: '2m' });
  const ended = close.map((run, index) =>
    index % 10 === 0 ? { ...run, outcome: 'timeout' as const, runtimeSeconds: 60 } : run,
  );
  const [worse] = found(ended, { settings: { timeoutMs: 60_000, schedule: null } });
  assert.equal(worse?.severity, 'critical');
  assert.match(worse?.title ?? '', /10 \(10 %\) were ended by it/);
});

test('runs that hang are no reason to raise a timeout, and neither is a single long run', () => {
  const hanging = steady(100).map((run, index) =>
    index % 10 === 0 ? { ...run, outcome: 'timeout' as const, runtimeSeconds: 120 } : run,
  );
  assert.deepEqual(found(hanging), []);
  const once = steady(200).map((run, index) => (index === 50 ? { ...run, runtimeSeconds: 110 } : run));
  assert.deepEqual(found(once, { settings: { schedule: null } }), []);
});

test('a timeout far above all runs is lowered, where a hang would cost something', () => {
  const far = found(steady(100), { settings: { timeoutMs: 6 * HOUR_MS } });
  assert.deepEqual(ids(far), ['a.timeout-far']);
  assert.deepEqual(far[0]?.change, { path: ['modules', 'a', 'timeout'], from: '6h', to: '1m' });
  assert.deepEqual(found(steady(99), { settings: { timeoutMs: 6 * HOUR_MS } }), [], 'too few runs');
  assert.deepEqual(found(steady(100), { settings: { timeoutMs: 10 * MINUTE_MS } }), [], 'not far enough');
  const sometimesLong = steady(100).map((run, index) =>
    index === 50 ? { ...run, outcome: 'error' as const, runtimeSeconds: 3_000 } : run,
  );
  assert.deepEqual(found(sometimesLong, { settings: { timeoutMs: 6 * HOUR_MS } }), [], 'a run has needed it');
});

// ---- schedules ---------------------------------------------------------------------------------------------

test('a module that is still running when it is due again is given a longer interval', () => {
  const slow = runtimes(noisy(3, 60, 58, 10), 2 * MINUTE_MS);
  const every = found(slow, { facts: { misses: 31 }, settings: { timeoutMs: 10 * MINUTE_MS } });
  assert.deepEqual(ids(every), ['a.schedule-overlap']);
  assert.deepEqual(every[0]?.change, {
    path: ['modules', 'a', 'schedule'],
    from: 'every 1m',
    to: 'every 90s',
  });
  assert.equal(every[0]?.evidence.figures['missesEver'], 31);
  const cron = (expression: string): Partial<ModuleSettings> => ({
    schedule: { kind: 'cron', expression, timezone: 'UTC' },
    timeoutMs: 10 * MINUTE_MS,
  });
  const [ofCron] = found(slow, { settings: cron('* * * * *') });
  assert.equal(ofCron?.change?.to, '*/2 * * * *');
  const [odd] = found(slow, { settings: cron('* * * * 0-6') });
  assert.deepEqual([odd?.id, odd?.change], ['a.schedule-overlap', null]);
});

test('retries count into the time that a module takes; a few long runs, changes and requests do not make an overlap', () => {
  const settings = { schedule: { kind: 'every', intervalMs: 12_000 } as Schedule, retries: 2 };
  const tasks = Array.from({ length: 40 }, (_, index) =>
    retried(index, index % 4 === 0 ? 2 : 1, true),
  ).flat();
  assert.ok(ids(found(tasks, { settings })).includes('a.schedule-overlap'));
  const quick = runtimes(noisy(4, 100, 40, 3)).map((run, index) =>
    index % 30 === 0 ? { ...run, endedAt: '2026-12-01T00:00:00.000Z' } : run,
  );
  assert.deepEqual(found(quick), [], '4 of 100');
  const manual = runtimes(noisy(3, 60, 70, 5)).map(run => ({ ...run, trigger: 'manual' as const }));
  assert.deepEqual(found(manual, { settings: { timeoutMs: 10 * MINUTE_MS } }), []);
});

function pair(expression: string, offsetMs: number, cpuPercent: number, cores: number) {
  const schedule: Schedule = { kind: 'cron', expression, timezone: 'UTC' };
  const runs = (offset: number): Run[] =>
    runsOf(60, index => ({
      cpuPercent,
      runtimeSeconds: 20,
      startedAt: new Date(START_MS + index * 5 * MINUTE_MS + offset).toISOString(),
    }));
  const facts = factsWith(
    [
      { name: 'a', runs: runs(0), settings: { schedule } },
      { name: 'b', runs: runs(offsetMs), settings: { schedule } },
    ],
    {},
    { machine: { cores, diskFreeMb: null } },
  );
  return recommendationsFor(facts);
}

test('modules that compute and always start together are set apart', () => {
  const [finding, ...more] = pair('*/5 * * * *', 300, 95, 2);
  assert.deepEqual(more, []);
  assert.equal(finding?.id, 'starts-together.a+b');
  assert.deepEqual(finding?.change, {
    path: ['modules', 'b', 'schedule'],
    from: '*/5 * * * *',
    to: '2-59/5 * * * *',
  });
  assert.equal(pair('0 * * * *', 0, 95, 2)[0]?.change?.to, '30 * * * *');
  assert.deepEqual(pair('*/5 * * * *', 120_000, 95, 2), [], 'not together');
  assert.deepEqual(pair('*/5 * * * *', 300, 30, 2), [], 'they wait more than they compute');
  assert.deepEqual(pair('*/5 * * * *', 300, 95, 8), [], 'there are CPUs enough');
});

// ---- retries -----------------------------------------------------------------------------------------------

test('retries that never once helped are taken away', () => {
  const useless = Array.from({ length: 60 }, (_, index) =>
    index % 5 === 4 ? retried(index, 3, false) : [runOf(index)],
  ).flat();
  const [finding, ...more] = found(useless, { settings: { retries: 2 } });
  assert.deepEqual(more, []);
  assert.equal(finding?.id, 'a.retries-useless');
  assert.deepEqual(finding?.change, { path: ['modules', 'a', 'retries'], from: 2, to: 0 });
  assert.match(finding?.title ?? '', /failed 12 times, and none of the 24 further attempts/);
});

test('retries that helped once, and one long failure, are no evidence against retries', () => {
  const once = Array.from({ length: 60 }, (_, index) =>
    index % 5 === 4 ? retried(index, 3, index === 9) : [runOf(index)],
  ).flat();
  assert.deepEqual(found(once, { settings: { retries: 2 } }), []);
  const outage = Array.from({ length: 60 }, (_, index) =>
    index > 20 && index < 41 ? retried(index, 3, false) : [runOf(index)],
  ).flat();
  assert.deepEqual(found(outage, { settings: { retries: 2 } }), []);
});

test('a retry is given to a module whose failures stand alone', () => {
  const failing = (isBad: (index: number) => boolean, everyMs = MINUTE_MS): Run[] =>
    runsOf(100, index => ({ outcome: isBad(index) ? 'error' : 'ok' }), everyMs);
  const [finding, ...more] = found(
    failing(index => index % 15 === 7),
    { settings: { retries: 0 } },
  );
  assert.deepEqual(more, []);
  assert.deepEqual(finding?.change, { path: ['modules', 'a', 'retries'], from: 0, to: 1 });
  assert.match(
    finding?.title ?? '',
    /7 of 100 runs, 7 %.* 7 of these times the next run, usually 55 s later/,
  );
  const none = { settings: { retries: 0 } };
  assert.deepEqual(
    found(
      failing(index => index === 3),
      none,
    ),
    [],
    'one failure',
  );
  assert.deepEqual(
    found(
      failing(index => index % 3 === 0),
      none,
    ),
    [],
    'a third of the runs',
  );
  assert.deepEqual(
    found(
      failing(index => index % 20 < 4),
      none,
    ),
    [],
    'failures in a row',
  );
  assert.deepEqual(
    found(
      failing(index => index % 15 === 7, HOUR_MS),
      none,
    ),
    [],
    'over only an hour later',
  );
});

// ---- failures and starts -----------------------------------------------------------------------------------

test('a module that never succeeds is the first thing that is told', () => {
  const failing = runsOf(12, () => ({ outcome: 'error' as Outcome }));
  const [finding] = found(failing);
  assert.deepEqual([finding?.id, finding?.severity, finding?.change], ['a.always-fails', 'critical', null]);
  assert.match(finding?.title ?? '', /has never succeeded: 12 attempts in a row/);
  const since = found([...steady(20), ...failing.map((run, index) => ({ ...run, ...times(20 + index) }))]);
  assert.match(since[0]?.title ?? '', /has not succeeded since 2026-11-01T00:19:00/);
  assert.deepEqual(found(failing.slice(0, 9)), []);
  assert.deepEqual(found(runsOf(50, () => ({ outcome: 'skipped' as Outcome, runtimeSeconds: null }))), []);
  const timeouts = found(runsOf(12, () => ({ outcome: 'timeout' as Outcome })));
  assert.match(timeouts[0]?.advice ?? '', /ended by its timeout/);
});

function times(index: number): Pick<Run, 'iteration' | 'startedAt' | 'endedAt'> {
  const { iteration, startedAt, endedAt } = runOf(index);
  return { iteration, startedAt, endedAt };
}

test('a module that starts itself through the files that it watches is told', () => {
  const settings = { watch: ['data/*.json'], schedule: null };
  const byChange = (everyMs: number): Run[] => runsOf(80, () => ({ trigger: 'change' as const }), everyMs);
  const [finding, ...more] = found(byChange(6_000), { settings });
  assert.deepEqual(more, []);
  assert.deepEqual([finding?.id, finding?.change], ['a.watch-storm', null]);
  assert.match(finding?.advice ?? '', /data\/\*\.json/);
  assert.deepEqual(found(byChange(MINUTE_MS), { settings }), [], 'each minute something comes in');
  assert.deepEqual(found(byChange(6_000).slice(0, 40), { settings }), []);
});

// ---- noise -------------------------------------------------------------------------------------------------

/** Runtimes with a coefficient of variation of 30 %, judged by the rule, which the detectors take for what it is. */
function noise(seed: number, confidence: number | null, level = 1) {
  const runs = runtimes(noisy(seed, 300, level, 30));
  const { settings } = factsWith([{ runs }]);
  return { runs, incidents: incidentsOf(runs, settings, confidence) };
}

test('alarms that are noise get a floor or threshold that would have kept the past quiet', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const { runs, incidents } = noise(seed, 0.2);
    const findings = found(runs, { facts: { incidents } });
    assert.deepEqual(ids(findings), ['a.noise.runtimeSeconds']);
    const [finding] = findings;
    assert.deepEqual(finding?.change?.path.slice(0, -1), [
      ...['detection', 'modules', 'a', 'metrics', 'runtimeSeconds'],
    ]);
    assert.ok(Number(finding?.evidence.figures['incidentsAfterwards']) <= 3, 'one in 100 runs at most');
    const key = finding?.change?.path.at(-1);
    const to = Number(finding?.change?.to);
    // As it was computed: the same runs under the changed rule.
    const facts = factsWith([{ runs }]);
    const rule = key === 'floor' ? { floor: to } : { thresholdPercent: to };
    facts.settings.detection = {
      ...facts.settings.detection,
      modules: { a: { metrics: { runtimeSeconds: rule } } },
    };
    const left = incidentsOf(runs, facts.settings, 0.2);
    assert.equal(left.length, finding?.evidence.figures['incidentsAfterwards']);
    const again = {
      ...facts,
      modules: facts.modules.map(each => ({
        ...each,
        incidents,
        rules: { runtimeSeconds: ruleFor(facts.settings.detection, 'a', 'runtimeSeconds') },
      })),
    };
    assert.deepEqual(ids(recommendationsFor(again)), [], 'the past is not held against the new rule');
  }
});

test('alarms that the detectors believe, that last, that are few, or of which nothing is known are left alone', () => {
  const { runs, incidents } = noise(1, 0.2);
  const without = (facts: Parameters<typeof found>[1]): string[] => ids(found(runs, facts));
  assert.deepEqual(without({ facts: { incidents: noise(1, 0.8).incidents } }), []);
  assert.deepEqual(without({ facts: { incidents: noise(1, null).incidents } }), []);
  assert.deepEqual(without({ facts: { incidents: incidents.slice(0, 4) } }), []);
  const lasting = incidents.map(each => ({ ...each, status: 'persisted' as const, runsOpen: 3 }));
  assert.deepEqual(without({ facts: { incidents: lasting } }), []);
});

test('no advice hides a change that was real', () => {
  const { runs, incidents } = noise(1, 0.2);
  const real = incidents.map((each, index) => (index === 0 ? { ...each, confidence: 0.95 } : each));
  assert.deepEqual(ids(found(runs, { facts: { incidents: real } })), []);
});

test('a metric that says nothing is taken out of judging', () => {
  const random = seededRandom(5);
  const runs = runsOf(300, () => ({ custom: { rows: random() < 0.5 ? 1 : 1_000 * random() ** 4 } }));
  const { settings } = factsWith([{ runs }]);
  const incidents = incidentsOf(runs, settings, 0.1).map(each => ({
    ...each,
    status: 'recovered' as const,
    runsOpen: 1,
  }));
  const [finding] = found(runs, { facts: { incidents } });
  assert.equal(finding?.id, 'a.noise.rows');
  assert.deepEqual(finding?.change, {
    path: ['detection', 'modules', 'a', 'metrics', 'rows', 'judge'],
    from: true,
    to: false,
  });
});

// ---- memory ------------------------------------------------------------------------------------------------

function memories(values: readonly number[]): Run[] {
  return runsOf(values.length, index => ({ memoryMb: values[index] ?? null }));
}

test('memory that grows run by run is told, with how fast', () => {
  const growing = noisy(6, 200, 80, 5).map((value, index) => value + 0.3 * index);
  const [finding, ...more] = found(memories(growing));
  assert.deepEqual(more, []);
  assert.deepEqual([finding?.id, finding?.severity, finding?.change], ['a.memory-growth', 'warning', null]);
  const slope = Number(finding?.evidence.figures['mbPer100Runs']);
  assert.ok(Math.abs(slope - 30) < 6, String(slope));
});

test('a step, a season, a wandering level, a little growth and few runs are no leak', () => {
  const base = noisy(7, 300, 80, 4);
  const shapes: Record<string, (value: number, index: number) => number> = {
    step: (value, index) => value + (index >= 150 ? 60 : 0),
    earlyStep: (value, index) => value + (index >= 60 ? 60 : 0),
    season: (value, index) => value + 30 * Math.sin(index / 15),
    little: (value, index) => value + 0.02 * index,
    shrinking: (value, index) => value + 90 - 0.3 * index,
    spikes: (value, index) => value + (index % 50 === 49 ? 10 * index : 0),
  };
  for (const [name, shape] of Object.entries(shapes)) {
    assert.deepEqual(ids(found(memories(base.map(shape)))), [], name);
  }
  assert.deepEqual(found(memories(base.slice(0, 59).map((value, index) => value + 2 * index))), []);
});

test('a service that leaks is told, with how much a day', () => {
  const count = 30;
  const ofHours = (memoryMb: number[]) => {
    const timesMs = memoryMb.map((_, hour) => START_MS + hour * HOUR_MS);
    return recommendationsFor(factsWith([], {}, { services: [{ name: 'feed', timesMs, memoryMb }] }));
  };
  const growing = noisy(8, count, 100, 1).map((value, hour) => value + 2 * hour);
  const [finding, ...more] = ofHours(growing);
  assert.deepEqual(more, []);
  assert.equal(finding?.id, 'feed.memory-growth');
  assert.match(
    finding?.title ?? '',
    /^the memory of the service feed grows as long as it runs: from \d+ MB to \d+ MB in 29 h \(\d+(\.\d)? MB a day\)$/,
  );
  assert.deepEqual(ofHours(noisy(8, count, 100, 3)), [], 'a level');
  assert.deepEqual(ofHours(growing.slice(0, 23)), [], 'not a whole day');
  for (let start = 0; start < 24; start += 1) {
    const rhythm = noisy(9, count, 100, 1).map(
      (value, hour) => value - 40 * Math.cos((2 * Math.PI * (hour + start)) / 24),
    );
    assert.deepEqual(ofHours(rhythm), [], `a rhythm of the day, from hour ${start} of it on`);
  }
});

// ---- capacity, files, git ----------------------------------------------------------------------------------

test('a limit that a forecast reaches is told; a timeout is raised', () => {
  const disk = { metric: 'system.diskFreeMb', module: null, limit: 0, limitName: 'an empty disk' };
  const timeout = { metric: 'a.runtimeSeconds', module: 'a', limit: 120, limitName: 'its timeout' };
  const nowMs = START_MS + 30 * DAY_MS;
  const soon = { reachedAtMs: nowMs + 2 * DAY_MS, sure: 0.9, values: 100 };
  const later = { reachedAtMs: nowMs + 20 * DAY_MS, sure: 0.9, values: 100 };
  const facts = factsWith(
    [{ runs: [] }],
    {},
    {
      nowMs,
      forecasts: [
        { ...timeout, ...later },
        { ...disk, ...soon },
      ],
    },
  );
  const [first, second, ...more] = recommendationsFor(facts);
  assert.deepEqual(more, []);
  assert.deepEqual([first?.id, first?.severity], ['capacity.system.diskFreeMb', 'critical']);
  assert.deepEqual([first?.limitedMetric, second?.limitedMetric], ['diskFreeMb', 'runtimeSeconds']);
  assert.match(first?.title ?? '', /reaches an empty disk \(0\) in about 2 day\(s\), 90 % sure/);
  assert.deepEqual(second?.change, { path: ['modules', 'a', 'timeout'], from: '2m', to: '5m' });
  const unsure = [
    { ...disk, ...soon, sure: 0.5 },
    { ...disk, ...soon, values: 10 },
    { ...disk, ...soon, reachedAtMs: nowMs + 90 * DAY_MS },
  ];
  assert.deepEqual(recommendationsFor({ ...facts, forecasts: unsure }), []);
});

test('commits of every iteration are thinned where there are thousands a day', () => {
  const git = { enabled: true, commitOn: ['ok' as const], okEveryMs: 0, ref: 'current' };
  const asked = (everyMs: number, more: Partial<typeof git> = {}, count = 400): string[] => {
    const runs = runsOf(count, () => ({ runtimeSeconds: 1 }), everyMs);
    return ids(
      recommendationsFor(factsWith([{ runs, settings: { schedule: null } }], { git: { ...git, ...more } })),
    );
  };
  assert.deepEqual(asked(MINUTE_MS), ['git-commits']);
  assert.deepEqual(asked(10 * MINUTE_MS), []);
  assert.deepEqual(asked(MINUTE_MS, { okEveryMs: HOUR_MS }), []);
  assert.deepEqual(asked(MINUTE_MS, { enabled: false }), []);
  assert.deepEqual(asked(MINUTE_MS, {}, 50), [], 'less than an hour is known');
});

test('a performance.json of many megabytes is made smaller', () => {
  const custom = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`metric${index}`, index]));
  const facts = factsWith([{ runs: runsOf(6_000, () => ({ custom })) }], { historyRuns: 10_000 });
  const [finding, ...more] = recommendationsFor(facts);
  assert.deepEqual(more, []);
  assert.deepEqual(finding?.change, { path: ['history', 'runs'], from: 10_000, to: 1_000 });
  assert.deepEqual(found(runsOf(6_000)), []);
});

test('logs that may outgrow the disk are made smaller', () => {
  const logs = { maxBytes: 1e9, files: 9 };
  const asked = (diskFreeMb: number | null) =>
    recommendationsFor(factsWith([{ runs: [] }], { logs }, { machine: { cores: 2, diskFreeMb } }));
  assert.deepEqual(asked(5_000)[0]?.change, { path: ['logs', 'maxSize'], from: '1GB', to: '100MB' });
  assert.equal(asked(5_000)[0]?.severity, 'warning');
  assert.equal(asked(0.5)[0]?.change, null, 'no size is small enough');
  assert.deepEqual(asked(100_000), []);
  assert.deepEqual(asked(null), []);
});
