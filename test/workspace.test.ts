import assert from 'node:assert/strict';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ExportRequest, openWorkspace, WatchkeeperError } from '../src/workspace.ts';
import { workspaceToAsk } from './cli/asked.ts';
import { addHistory } from './helpers/history.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { command, iterations, start } from './helpers/supervisor.ts';
import { until } from './helpers/until.ts';
import { temporaryFolder, temporaryWorkspace } from './helpers/workspace.ts';
import { assertFinite, DAY_MS, HOUR_MS, noisy, record, runtimes, samples } from './questions/histories.ts';
import { aJudgement, anEvent, aRun, show } from './store/fixtures.ts';

failOnLeaks();

const now = (): { endMs: number } => ({ endMs: Date.now() });

test('a workspace answers with what its store holds', async t => {
  const { store, root } = workspaceToAsk(t);
  record(store, 'collector', runtimes([1, 2, 3]), now());
  store.recordRun(aRun({ outcome: 'error' }), aJudgement([anEvent({ incident: 'i1' })], 'i1'));
  store.addSamples(samples({ labels: { core: '0' } }, [20], now()));
  using workspace = await openWorkspace(root);
  assert.deepEqual([workspace.root, workspace.modules()], [root, ['collector']]);
  assert.deepEqual(
    workspace.runs('collector').map(({ runtimeSeconds }) => runtimeSeconds),
    [1, 2, 3, 0.43],
  );
  assert.equal(workspace.runs('collector', 2).length, 2);
  assert.deepEqual(
    workspace.values('collector.runtimeSeconds', { newest: 2 }).map(({ value }) => value),
    [2, 3],
  );
  assert.deepEqual(
    workspace.values('system.cpuPercent{core=0}').map(({ value }) => value),
    [20],
  );
  const names = workspace.metrics().map(({ source, metric }) => `${source}.${metric}`);
  assert.ok(names.includes('collector.rowsCollected') && names.includes('system.cpuPercent'));
  assert.deepEqual(
    workspace.incidents({ open: true }).map(({ id }) => id),
    ['i1'],
  );
  assert.deepEqual([workspace.incidents({ module: 'x' }), workspace.changes()], [[], []]);
});

test('each question has the name of its command', async t => {
  const { store, root } = workspaceToAsk(t);
  record(store, 'collector', runtimes([...noisy(1, 60, 1), ...noisy(2, 20, 1.3)]), now());
  record(store, 'other', runtimes([...noisy(1, 60, 1), ...noisy(2, 20, 1.3)]), now());
  using workspace = await openWorkspace(root);
  const regression = workspace.checkRegression({ metric: 'runtimeSeconds' });
  assert.deepEqual(
    regression.checks.map(({ module, verdict }) => [module, verdict]),
    [
      ['collector', 'worse'],
      ['other', 'indistinct'],
    ],
  );
  assert.equal(
    workspace.checkRegression({ module: 'other', floorOf: () => 0 }).regressions,
    1,
    'a floor of its own',
  );
  const answers = [
    ...[
      regression,
      workspace.forecast({ metric: 'collector.runtimeSeconds' }),
      workspace.trends({ of: 'collector' }),
    ],
    ...[
      workspace.compare(),
      workspace.bottlenecks({ sinceMs: Date.now() - DAY_MS }),
      workspace.compare({ modules: ['collector', 'other'] }),
    ],
    ...[await workspace.recommend(), await workspace.report(Date.now() - DAY_MS)],
  ];
  for (const answer of answers) assertFinite(answer);
});

test('baselines are set and removed', async t => {
  const { store, root } = workspaceToAsk(t);
  record(store, 'collector', runtimes(noisy(1, 30, 1)), now());
  using workspace = await openWorkspace(root);
  assert.deepEqual(
    workspace.setBaseline({ module: 'collector', metrics: ['runtimeSeconds'] }).map(({ n }) => n),
    [30],
  );
  workspace.setBaseline({ module: 'collector', given: { memoryMb: 60, cpuPercent: 5 } });
  assert.deepEqual(
    workspace.baselines().map(({ metric }) => metric),
    ['cpuPercent', 'memoryMb', 'runtimeSeconds'],
  );
  assert.deepEqual(
    [workspace.removeBaselines('collector', 'memoryMb'), workspace.removeBaselines('collector')],
    [1, 2],
  );
  assert.equal(workspace.removeBaselines('collector'), 0);
});

test('runs are exported piece by piece', async t => {
  const { store, root } = workspaceToAsk(t);
  record(store, 'collector', runtimes([1, 2, 3]), now());
  record(store, 'other', runtimes([4]), now());
  using workspace = await openWorkspace(root);
  const exported = async (request?: ExportRequest): Promise<string> => {
    const pieces: Uint8Array[] = [];
    for await (const piece of workspace.export(request)) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces).toString();
  };
  assert.equal(JSON.parse(await exported()).length, 4);
  const lines = (await exported({ format: 'csv', module: 'collector' })).trim().split('\n');
  assert.equal(lines.length, 4);
  assert.match(await exported({ format: 'parquet' }), /^PAR1/);
  await assert.rejects(exported({ module: 'nobody' }), { code: 'usage', message: /collector, other/ });
  await assert.rejects(exported({ format: 'prometheus', untilMs: 1 }), { code: 'usage' });
  await assert.rejects(exported({ format: 'xml' as 'json' }), { code: 'usage', message: /the formats are/ });
});

test('a module is benchmarked and its commits are searched as by the commands', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': 'git: { enabled: false }\nmodules: { one: { command: sh step.sh } }\n',
    'step.sh': `printf '{"metric":"cost","value":%s}\\n' "$(cat cost)" >> "$WATCHKEEPER_METRICS"`,
    cost: '1',
  });
  addHistory(
    workspace,
    ['1', '2', '2'].map((cost, index) => ({
      subject: `step ${index}`,
      files: { cost, number: String(index) },
    })),
  );
  await command(t, workspace.root, ['once']);
  using asked = await openWorkspace(workspace.root);
  const seen: string[] = [];
  const benched = await asked.bench(
    { module: 'one', runs: 5, warmup: 0, suite: 'nightly' },
    { onRun: ({ run }) => seen.push(run.outcome), warn: undefined },
  );
  assert.deepEqual(seen, Array(5).fill('ok'));
  assert.deepEqual([benched.kept, benched.isCut], [workspace.path('data/bench/nightly.json'), false]);
  const found = await asked.bisect(
    { module: 'one', metric: 'cost', good: 'HEAD~2', warmup: 0 },
    { onRun: undefined, onBegin: undefined, stop: undefined },
  );
  assert.deepEqual(
    found?.commits.map(({ subject }) => subject),
    ['step 1'],
  );
  assert.equal(await asked.bisect({ module: 'one', good: 'HEAD~2' }, { stop: AbortSignal.abort() }), null);
  await assert.rejects(asked.bench({ module: 'nobody' }), { code: 'usage', message: /the modules are one/ });
  await assert.rejects(asked.bench({ module: 'one', runs: 0 }), { code: 'usage' });
  await assert.rejects(asked.bisect({ module: 'one', good: 'HEAD~2', maxRuns: 3 }), { code: 'usage' });
  assert.equal(asked.runs('one').length, 1, 'none of it is history');
});

test('what goes wrong has a code to branch on', async t => {
  const { store, root } = workspaceToAsk(t);
  record(store, 'collector', [{}], now());
  using workspace = await openWorkspace(root);
  assert.throws(() => workspace.values('collector'), { code: 'usage' });
  assert.throws(() => workspace.values('collector.nothing'), { code: 'usage' });
  for (const newest of [1.5, Number.NaN, 0, -1, Number.POSITIVE_INFINITY]) {
    assert.throws(() => workspace.runs('collector', newest), { code: 'usage' });
    assert.throws(() => workspace.values('collector.runtimeSeconds', { newest }), { code: 'usage' });
  }
  assert.throws(() => workspace.setBaseline({ module: 'nobody' }), { code: 'usage' });
  await assert.rejects(workspace.record({ metric: 'queue', value: 1 }), {
    code: 'file',
    message: /no supervisor is running there/,
  });
  await assert.rejects(workspace.record({ metric: 'a b', value: 1 }), { code: 'usage' });
  await assert.rejects(
    openWorkspace(temporaryFolder(t)),
    error => error instanceof WatchkeeperError && error.code === 'store',
  );
  const astray = temporaryFolder(t);
  symlinkSync('data', join(astray, 'data')); // it leads to itself
  await assert.rejects(openWorkspace(astray), { code: 'file', message: /ELOOP/ });
  writeFileSync(join(root, 'watchkeeper.yaml'), 'modules: {');
  await assert.rejects(workspace.recommend(), { code: 'config' });
  await assert.rejects(workspace.report(), { code: 'config' });
  using later = await openWorkspace(root);
  assert.equal(
    later.checkRegression().checks.length > 0,
    true,
    'a history can be asked without a configuration',
  );
});

test('a fresh clone answers from its files, to the last question', async t => {
  const { store, root, data } = workspaceToAsk(t);
  record(store, 'collector', runtimes(noisy(1, 30, 1)), { ...now(), everyMs: HOUR_MS });
  show(store, data);
  store.close();
  for (const side of ['', '-wal', '-shm']) rmSync(join(data, `watchkeeper.db${side}`), { force: true });
  using workspace = await openWorkspace(root);
  assert.ok(workspace.metrics().some(({ metric }) => metric === 'runtimeSeconds'));
  assert.equal(workspace.bottlenecks().modules[0]?.runs, 30);
  assert.equal((await workspace.report()).summary.runs, 30);
  assert.equal(workspace.trends({ of: 'collector.runtimeSeconds' }).trends[0]?.count, 30);
  assert.equal(workspace.checkRegression({ metric: 'runtimeSeconds' }).checks[0]?.verdict, 'indistinct');
  assert.equal(workspace.forecast({ metric: 'collector.runtimeSeconds' }).from.points, 30);
});

test('a value that is recorded goes through the running supervisor into the history, beside those of the machine', async t => {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': 'modules: { idle: { command: "true", schedule: every 1h } }\nsystem: { every: 1s }\n',
  });
  const supervisor = start(t, workspace.root);
  await iterations(supervisor, 1);
  using asked = await openWorkspace(workspace.root);
  await asked.record({ metric: 'queueLength', value: 12, source: 'feed', labels: { side: 'in "a"' } });
  await assert.rejects(asked.record({ metric: 'runtimeSeconds', value: 1, source: 'idle' }), {
    code: 'usage',
    message: /runtimeSeconds of a module is measured, and cannot be reported$/,
  });
  const points = await until('it is in the store', () => {
    const isThere = asked.metrics().some(({ source }) => source === 'feed');
    return isThere && asked.values('feed.queueLength{side="in \\"a\\""}');
  });
  assert.deepEqual(
    points.map(({ value }) => value),
    [12],
  );
  const cpu = await until('the machine was sampled twice', () => {
    const isThere = asked
      .metrics()
      .some(({ metric, labels }) => metric === 'cpuPercent' && Object.keys(labels).length === 0);
    return isThere && asked.values('system.cpuPercent');
  });
  assert.ok(cpu.every(({ value }) => value >= 0 && value <= 100));
  assert.ok(
    asked
      .trends({ of: 'system' })
      .trends.some(({ metric, count }) => metric === 'system.diskFreeMb' && count > 0),
  );
  assert.ok(asked.forecast({ metric: 'system.diskFreeMb' }).steps.length > 0);
  assert.ok(((await asked.report()).summary.system.diskFreeMb ?? 0) > 0);
  assert.equal((await supervisor.stop()).code, 0);
  const { stdout } = await command(t, workspace.root, [
    'trends',
    'system.load1',
    '--window',
    '1h',
    '--bucket',
    '1m',
  ]);
  assert.match(stdout, /\nsystem\.load1 +too few /);
});
