import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeptBaseline } from '../../src/baseline/kept.ts';
import type { RegressionAnswer } from '../../src/questions/check-regression.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { DAY_MS, MINUTE_MS, noisy, record, runtimes } from '../questions/histories.ts';
import { answered, documentOf, refused, workspaceToAsk } from './asked.ts';

failOnLeaks();

test('a baseline is made of runs, shown, kept, and then compared with', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'collector', runtimes(noisy(1, 60, 1)), { endMs: Date.now() - MINUTE_MS });
  const output = await answered(ask('set-baseline', 'collector', '--metric', 'runtimeSeconds, memoryMb'));
  assert.match(output, /^metric +values +outliers +mean +deviation +median +p95 +rhythm +made of\n/);
  assert.match(
    output,
    /\ncollector\.runtimeSeconds +50 +0 +1\.0\d s +\d+ ms .* - +50 run\(s\) from \S+ \S+ to \S+ \S+ UTC\n/,
  );
  assert.match(await answered(ask('baselines')), /collector\.memoryMb .*62\.1 MB/);
  assert.equal(store.baseline('collector', 'runtimeSeconds')?.n, 50);
  const early = await answered(ask('check-regression'));
  assert.match(early, /runtimeSeconds +too few runs .*the baseline of /);
  assert.match(
    early,
    /\ncollector: there is no recent run to compare with the baseline of .*: only runs after it count\n/,
  );
});

test('numbers are kept as they are given, and replace what was there', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'collector', [{ custom: { rows: 1 } }], { endMs: Date.now() });
  await answered(ask('set-baseline', 'collector'));
  const given = [
    '--runtime',
    '2.5',
    '--cpu',
    '0',
    '--memory',
    '150',
    '--latency',
    '0.063',
    '--value',
    'rows=1e3',
    'pnl.day=-2',
  ];
  const made = documentOf<KeptBaseline[]>(await ask('set-baseline', 'collector', '--json', ...given));
  const figures = made.map(({ metric, mean, kind, setAt }) => [
    metric,
    mean,
    kind,
    Number.isNaN(Date.parse(setAt)),
  ]);
  assert.deepEqual(figures, [
    ['runtimeSeconds', 2.5, 'given', false],
    ['cpuPercent', 0, 'given', false],
    ['memoryMb', 150, 'given', false],
    ['apiLatencySeconds', 0.063, 'given', false],
    ['rows', 1000, 'given', false],
    ['pnl.day', -2, 'given', false],
  ]);
  assert.equal(store.baseline('collector', 'runtimeSeconds')?.mean, 2.5);
  const kept = documentOf<KeptBaseline[]>(await ask('baselines', '--json'));
  assert.deepEqual(
    kept.map(({ metric }) => metric),
    ['apiLatencySeconds', 'cpuPercent', 'memoryMb', 'pnl.day', 'rows', 'runtimeSeconds'],
  );
  assert.match(
    await answered(ask('baselines')),
    /collector\.pnl\.day +- +0 +-2 +- +- +- +- +given as a number\n/,
  );
  const { checks } = documentOf<RegressionAnswer>(
    await ask('check-regression', '--json', '--against', 'baseline'),
  );
  assert.deepEqual(
    checks.map(({ verdict }) => verdict),
    new Array(5).fill('too-few'),
  );
});

test('a module that is configured may have numbers before its first run; any other name is refused', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'gone', [{}]);
  await answered(ask('set-baseline', 'other', '--runtime', '1'));
  await answered(ask('set-baseline', 'gone', '--runtime', '1'));
  await refused(ask('set-baseline', 'othr', '--runtime', '1'), /there is no module 'othr' .*other/);
  await refused(ask('set-baseline', 'other'), /no run of 'other' is recorded: modules with runs are gone/);
});

test('a range of time is read in the zone that it names', async t => {
  const { store, ask } = workspaceToAsk(t);
  const endMs = Date.UTC(2026, 10, 8, 12);
  record(store, 'collector', runtimes([1, 2, 3, 4]), { endMs, everyMs: DAY_MS });
  const values = async (...argv: string[]) => {
    const made = documentOf<KeptBaseline[]>(
      await ask('set-baseline', 'collector', '--json', '--metric', 'runtimeSeconds', ...argv),
    );
    return made.flatMap(each => each.values);
  };
  assert.deepEqual(await values('--from', '2026-11-05', '--to', '2026-11-07'), [2, 3]);
  assert.deepEqual(await values('--from', '2026-11-05T13:00+02:00', '--to', '2026-11-06T12:00Z'), [2, 3]);
  assert.deepEqual(await values('--from-runs', '1'), [4]);
});

test('what makes no sense is refused, and nothing is kept', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'collector', [{}]);
  const set = (...argv: string[]) => ask('set-baseline', 'collector', ...argv);
  await refused(set('--runtime', 'fast'), /--runtime takes a number, not 'fast'/);
  await refused(set('--runtime', '-1'), /runtimeSeconds is 0 or more, not -1/);
  await refused(set('--value', 'rows'), /--value takes METRIC=NUMBER such as rowsCollected=1200, not 'rows'/);
  await refused(set('--value', 'rows=many'), /--value takes a number, not 'many'/);
  await refused(set('--value', '__proto__=1'), /'__proto__' names no metric/);
  await refused(set('--value', '\u001b[31m=1'), /'\\x1b\[31m' names no metric/);
  await refused(set('--from-runs', '0'), /--from-runs takes a whole number from 1 on/);
  await refused(set('--from-runs', '5', '--runtime', '1'), /one of them/);
  await refused(set('--from', 'monday'), /--from takes a duration such as 24h/);
  await refused(set('--from', '2026-11-02', '--to', '2026-11-01'), /ends before it begins/);
  await refused(set('--metric', 'runtimeSeconds,rowz'), /no successful runs with rowz/);
  await refused(set('--metric', ''), /no successful runs with/);
  assert.deepEqual(store.baselines(), []);
});
