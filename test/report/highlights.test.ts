import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModuleReport } from '../../src/report/data.ts';
import { highlights, standingOf } from '../../src/report/highlights.ts';
import { emptyReport } from './odd-reports.ts';
import { sampleReport } from './sample.ts';
import { END_MS } from './sample-metrics.ts';

const [first, second] = sampleReport({ modules: 2 }).modules as [ModuleReport, ModuleReport];
const quiet: ModuleReport = { ...second, metrics: [], failures: [] };
const counts = { ok: 100, error: 0, timeout: 0, killed: 0, skipped: 0 };

test('what is grave comes first, and a regression tells of the change that it began with', () => {
  const found = highlights(sampleReport({ modules: 3 }));
  assert.deepEqual(
    found.map(({ standing, module }) => [standing, module]),
    [
      ['critical', 'collector'],
      ['critical', 'collector'],
      ['critical', 'backtester'],
      ['critical', 'signal-generator'],
      ['warning', null],
    ],
  );
  assert.equal(found[3]?.text, 'Memory grows run by run: a leak in what is kept between runs.');
  assert.equal(
    found[1]?.text,
    'Runtime is worse: +18.7 % (95 % interval: +17.1 % to +20.4 %), from 0.43 s to 0.51 s, 99.9 % sure; ' +
      'the last 20 runs against the baseline of 14 Nov; since 18 Nov, 02:12, first seen with 44314a6 "feat: keep every candle of the day" (after 9fceb02)',
  );
});

test('what is urgent is said once: as a recommendation, and not as a limit as well', () => {
  const data = sampleReport({ modules: 1 });
  const full = {
    ...(data.recommendations[0] ?? assert.fail()),
    ...{ module: null, metric: 'diskFreeMb' },
    finding: 'the disk is full soon',
  };
  const texts = (severity: 'critical' | 'warning', metric: string | null = full.metric) =>
    highlights({
      ...{ ...data, modules: [], incidents: [] },
      recommendations: [{ ...full, metric, severity }],
    }).map(({ text }) => text);
  const limit = 'Disk free reaches its limit (full) about 11 Dec, 05:48';
  assert.deepEqual(texts('critical'), ['the disk is full soon']);
  assert.deepEqual(texts('warning'), [limit]);
  for (const other of ['memoryUsedMb', null])
    assert.deepEqual(
      texts('critical', other),
      ['the disk is full soon', limit],
      'another matter hides no limit',
    );
});

test('a change without a regression is worth a look, one that hardly matters is not', () => {
  const [runtime] = first.metrics;
  assert.ok(runtime !== undefined);
  const changed = { ...runtime, regression: null };
  const weak = {
    ...changed,
    changes: changed.changes.map(change => ({ ...change, severity: 'info' as const })),
  };
  const of = (metric: typeof changed): string[] =>
    highlights({ ...emptyReport(), modules: [{ ...quiet, metrics: [metric] }] }).map(({ text }) => text);
  assert.deepEqual(of(changed), [
    'Runtime has changed by +19.0 %, from 0.43 s to 0.51 s, since 18 Nov, 01:12, first seen with 44314a6 "feat: keep every candle of the day" (after 9fceb02), 98 % sure',
  ]);
  assert.deepEqual(of(weak), []);
});

test('many failures are grave, with their share', () => {
  const failing = { ...quiet, counts: { ...counts, ok: 90, error: 8, timeout: 2 } };
  const found = highlights({ ...emptyReport(), modules: [failing] });
  assert.deepEqual(found, [
    { standing: 'critical', module: quiet.name, text: '10 of 100 runs failed (10.0 %)' },
  ]);
});

test('a module stands as its gravest matter', () => {
  const standing = (module: Partial<ModuleReport>): string =>
    standingOf({ ...quiet, counts, ...module }, [], []);
  assert.equal(standing({}), 'fine');
  assert.equal(standing({ counts: { ...counts, ok: 0 } }), 'idle');
  assert.equal(standing({ counts: { ...counts, error: 2 } }), 'warning');
  assert.equal(standing({ lastRun: { timeMs: END_MS, outcome: 'timeout' } }), 'critical');
  assert.equal(standingOf(quiet, [{ standing: 'critical', module: quiet.name, text: '' }], []), 'critical');
  const advice = {
    module: quiet.name,
    metric: null,
    severity: 'warning',
    finding: '',
    evidence: [],
    setting: null,
  } as const;
  assert.equal(standingOf({ ...quiet, counts }, [], [advice]), 'warning');
  assert.equal(standingOf({ ...quiet, counts }, [], [{ ...advice, severity: 'info' }]), 'fine');
});
