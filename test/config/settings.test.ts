import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { DETECTION_DEFAULTS } from '../../src/config/detection-defaults.ts';
import type { Settings } from '../../src/glossary/settings.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { moduleWith, settings } from './given.ts';

/** Every key that a file can hold, in the form that users copy. */
const FULL = `
schedule: "*/5 * * * *"
timezone: UTC
runAtStart: true
modules:
  collector:
    command: node modules/collector.ts
    cwd: .
    env: { MARKET_API_URL: "http://127.0.0.1:4010" }
    passEnv: [PATH, HOME]
    schedule: every 1m
    timeout: 2m
    killGrace: 5s
    retries: 2
    retryDelay: 1s
    watch: ["data/market/*.json"]
  signal-generator: { command: node modules/signal-generator.ts, after: [collector] }
  backtester: { command: node modules/backtester.ts, after: [signal-generator], schedule: "@hourly" }
services:
  market-feed:
    command: node modules/market-feed.ts
    health: { http: "http://127.0.0.1:4010/health", every: 10s, timeout: 2s, failures: 3 }
detection:
  threshold: 25
  window: 5
  recoveryRuns: 3
  floors: { runtimeSeconds: 0.05, cpuPercent: 5, memoryMb: 5, apiLatencySeconds: 0.02 }
  modules: { backtester: { threshold: 40 } }
history: { runs: 100 }
git: { enabled: true, commitOn: [ok, recovered, persisted], okEvery: 0, ref: current }
system: { enabled: true, every: 10s }
intake: { socket: true, flush: 10s }
`;

const FLOORS = {
  runtimeSeconds: 0.05,
  cpuPercent: 5,
  memoryMb: 5,
  apiLatencySeconds: 0.02,
  setupSeconds: 0.05,
  cleanupSeconds: 0.05,
};

function expected(root: string): Settings {
  const plain = {
    shell: false,
    cwd: root,
    env: {},
    passEnv: [],
    killGraceMs: 5_000,
  };
  const module = { ...plain, timeoutMs: null, retries: 0, retryDelayMs: 1_000, watch: [] };
  return {
    root,
    timezone: 'UTC',
    runAtStart: true,
    modules: [
      {
        ...module,
        name: 'collector',
        argv: ['node', 'modules/collector.ts'],
        env: { MARKET_API_URL: 'http://127.0.0.1:4010' },
        passEnv: ['PATH', 'HOME'],
        schedule: { kind: 'every', intervalMs: 60_000 },
        after: [],
        timeoutMs: 120_000,
        retries: 2,
        watch: ['data/market/*.json'],
      },
      {
        ...module,
        name: 'signal-generator',
        argv: ['node', 'modules/signal-generator.ts'],
        schedule: null,
        after: ['collector'],
      },
      {
        ...module,
        name: 'backtester',
        argv: ['node', 'modules/backtester.ts'],
        schedule: { kind: 'cron', expression: '0 * * * *', timezone: 'UTC' },
        after: ['signal-generator'],
      },
    ],
    services: [
      {
        ...plain,
        name: 'market-feed',
        argv: ['node', 'modules/market-feed.ts'],
        health: { url: 'http://127.0.0.1:4010/health', everyMs: 10_000, timeoutMs: 2_000, failures: 3 },
        restartDelayMs: 1_000,
        maxRestartDelayMs: 60_000,
      },
    ],
    detection: {
      thresholdPercent: 25,
      window: 5,
      recoveryRuns: 3,
      baseline: 'rolling',
      floors: FLOORS,
      modules: { backtester: { thresholdPercent: 40, floors: {}, metrics: {} } },
      changes: true,
      period: null,
      contamination: null,
      modelUpdateInterval: 50,
      lstm: true,
      seed: 1,
    },
    historyRuns: 100,
    keepMs: 400 * 86_400_000,
    samplesMs: 3_600_000,
    git: { enabled: true, commitOn: ['ok', 'recovered', 'persisted'], okEveryMs: 0, ref: 'current' },
    stages: [
      { name: 'warm-up', until: 'baseline' },
      { name: 'baseline', until: 86_400_000 },
      { name: '24-hour operation', until: 604_800_000 },
      { name: 'long-term stability', until: null },
    ],
    logs: { maxBytes: 10_000_000, files: 5 },
    system: { enabled: true, everyMs: 10_000 },
    intake: { socket: true, flushMs: 10_000 },
  };
}

test('a file that uses everything becomes settings with everything in them', async t => {
  const root = temporaryFolder(t);
  assert.deepEqual(await settings(t, FULL, root), expected(root));
});

test('a file with one command gets all defaults', async t => {
  const root = temporaryFolder(t);
  const { modules, services, detection, ...rest } = await settings(t, 'modules: {a: {command: x}}', root);
  const { modules: _, services: __, detection: ___, ...others } = expected(root);
  assert.deepEqual(rest, others);
  assert.deepEqual(services, []);
  assert.deepEqual(detection, {
    thresholdPercent: 25,
    window: 5,
    recoveryRuns: 3,
    baseline: 'rolling',
    floors: FLOORS,
    modules: {},
    changes: true,
    period: null,
    contamination: null,
    modelUpdateInterval: 50,
    lstm: true,
    seed: 1,
  });
  assert.deepEqual(modules, [
    {
      name: 'a',
      argv: ['x'],
      shell: false,
      cwd: root,
      env: {},
      passEnv: [],
      killGraceMs: 5_000,
      schedule: null,
      after: [],
      timeoutMs: null,
      retries: 0,
      retryDelayMs: 1_000,
      watch: [],
    },
  ]);
});

test('a service without health has none, and a health check has its defaults', async t => {
  const { services } = await settings(
    t,
    'services: {a: {command: x}, b: {command: x, health: {http: "http://h/"}}}',
  );
  assert.equal(services[0]?.health, null);
  assert.deepEqual(services[1]?.health, { url: 'http://h/', everyMs: 10_000, timeoutMs: 2_000, failures: 3 });
});

test('the schedule at the top is for modules that have none and come after nothing', async t => {
  const { modules } = await settings(
    t,
    `schedule: every 30s
timezone: Europe/Berlin
modules:
  plain: {command: x}
  own: {command: x, schedule: "0  4 * * 1"}
  by-hand: {command: x, schedule: none}
  next: {command: x, after: [plain]}
  next-and-own: {command: x, after: [plain], schedule: "@Daily"}`,
  );
  assert.deepEqual(
    modules.map(({ schedule }) => schedule),
    [
      { kind: 'every', intervalMs: 30_000 },
      { kind: 'cron', expression: '0 4 * * 1', timezone: 'Europe/Berlin' },
      null,
      null,
      { kind: 'cron', expression: '0 0 * * *', timezone: 'Europe/Berlin' },
    ],
  );
});

test('the supervisor that is told so does not run modules at its start', async t => {
  const { runAtStart } = await settings(t, 'runAtStart: false\nmodules: {a: {command: x}}');
  assert.equal(runAtStart, false);
});

test('a command is split at its spaces, quotes hold together, and nothing is expanded', async t => {
  const module = await moduleWith(t, `env: {}`);
  assert.deepEqual(module.argv, ['x']);
  const { modules } = await settings(
    t,
    `modules:
  quoted: {command: "node -e 'console.log(1)' \\"a b\\" '' $HOME *"}
  lines:
    command: >-
      node collector.ts
      --fast
  list: {command: [node, -e, "a | b", 007, 1.10, true, ""]}
  shell: {command: "a | b > c", shell: true}`,
  );
  assert.deepEqual(
    modules.map(({ argv, shell }) => ({ argv, shell })),
    [
      { argv: ['node', '-e', 'console.log(1)', 'a b', '', '$HOME', '*'], shell: false },
      { argv: ['node', 'collector.ts', '--fast'], shell: false },
      { argv: ['node', '-e', 'a | b', '007', '1.10', 'true', ''], shell: false },
      { argv: ['a | b > c'], shell: true },
    ],
  );
});

test('values of variables are taken as they are written', async t => {
  const { env } = await moduleWith(
    t,
    'env: {TEXT: a b, EMPTY: "", NUMBER: 4010, ZERO: 0800, VERSION: 1.10, BIG: 12345678901234567890, HEX: 0x1F, YES: True, QUOTED: "1.0"}',
  );
  assert.deepEqual(env, {
    TEXT: 'a b',
    EMPTY: '',
    NUMBER: '4010',
    ZERO: '0800',
    VERSION: '1.10',
    BIG: '12345678901234567890',
    HEX: '0x1F',
    YES: 'True',
    QUOTED: '1.0',
  });
});

test('a nought with a sign is nought, but for a text', async t => {
  const { detection, modules } = await settings(
    t,
    'detection: {threshold: -0}\nmodules: {a: {command: x, env: {LEVEL: -0}}}',
  );
  assert.deepEqual([detection.thresholdPercent, modules[0]?.env], [0, { LEVEL: '-0' }]);
});

test('a shared value can be written once, with an anchor and aliases', async t => {
  const { modules } = await settings(
    t,
    'modules:\n  a: {command: x, env: &common {PORT: 1, HOST: h}}\n  b: {command: x, env: *common}',
  );
  assert.deepEqual(modules[1]?.env, { PORT: '1', HOST: 'h' });
});

test('a working directory is resolved in the workspace', async t => {
  const root = temporaryFolder(t);
  const [module] = (await settings(t, 'modules: {a: {command: x, cwd: sub/../other}}', root)).modules;
  assert.equal(module?.cwd, join(root, 'other'));
});

test('a name that is given twice in a list counts once', async t => {
  const { modules } = await settings(
    t,
    'modules: {a: {command: x, passEnv: [A, A]}, b: {command: x, after: [a, a]}}',
  );
  assert.deepEqual(modules[0]?.passEnv, ['A']);
  assert.deepEqual(modules[1]?.after, ['a']);
});

test('given floors are laid over the usual ones', async t => {
  const { detection } = await settings(
    t,
    'modules: {a: {command: x}}\ndetection: {floors: {memoryMb: 1, rowsCollected: 100}}',
  );
  assert.deepEqual(detection.floors, { ...FLOORS, memoryMb: 1, rowsCollected: 100 });
});

test('a workspace can name its own stages', async t => {
  const { stages } = await settings(
    t,
    'modules: {a: {command: x}}\nstages: [{name: trial, until: baseline}, {name: pilot, until: 12h}, {name: live}]',
  );
  assert.deepEqual(stages, [
    { name: 'trial', until: 'baseline' },
    { name: 'pilot', until: 43_200_000 },
    { name: 'live', until: null },
  ]);
});

test('git and logs take what is given', async t => {
  const { git, logs } = await settings(
    t,
    'modules: {a: {command: x}}\ngit: {enabled: false, commitOn: [error, anomaly, error], okEvery: 1h, ref: refs/heads/a/b}\nlogs: {maxSize: 1.5 kB, files: 1}',
  );
  assert.deepEqual(git, {
    enabled: false,
    commitOn: ['error', 'anomaly'],
    okEveryMs: 3_600_000,
    ref: 'refs/heads/a/b',
  });
  assert.deepEqual(logs, { maxBytes: 1_500, files: 1 });
});

test('the defaults of detection, which `detect` takes without reading a configuration, are those of a file that says nothing of it', async t => {
  const { detection } = await settings(t, 'modules: {a: {command: x}}');
  assert.deepEqual(detection, DETECTION_DEFAULTS);
});
