import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryReader } from '../../src/history-reader.ts';
import {
  checkRegression,
  type RegressionAnswer,
  type RegressionQuestion,
} from '../../src/questions/check-regression.ts';
import { baselinesFor } from '../../src/questions/set-baseline.ts';
import { aHistory } from './a-history.ts';
import { assertFinite, DAY_MS, HOUR_MS, MINUTE_MS, NOW_MS, noisy, record, runtimes } from './histories.ts';

/** The answer, and the verdict on the runtime. */
function asked(reader: HistoryReader, question: RegressionQuestion = {}, nowMs = NOW_MS) {
  const answer = checkRegression(reader, question, nowMs);
  assertFinite(answer);
  const runtime = answer.checks.find(({ metric }) => metric === 'runtimeSeconds');
  return { answer, runtime, verdict: runtime?.verdict };
}

const sizes = (check: RegressionAnswer['checks'][number] | undefined) => [
  check?.reference.n,
  check?.recent.n,
];

/** A store as it would be with these baselines kept. */
function withBaselines(
  reader: HistoryReader,
  request: Parameters<typeof baselinesFor>[1],
  nowMs = NOW_MS,
): HistoryReader {
  const kept = baselinesFor(reader, request, nowMs);
  return {
    ...reader,
    baselines: () => kept,
    baseline: (module, metric) => kept.find(each => each.module === module && each.metric === metric) ?? null,
  };
}

test('recent runs that are slower than those before are a regression, with its size and how sure it is', t => {
  const store = aHistory(t);
  record(store, 'collector', runtimes([...noisy(1, 100, 1), ...noisy(2, 20, 1.2)]));
  const { answer, runtime } = asked(store);
  assert.deepEqual([runtime?.verdict, answer.regressions], ['worse', 1]);
  assert.ok(Math.abs((runtime?.changePercent ?? 0) - 20) < 4);
  assert.ok((runtime?.intervalPercent?.low ?? 0) > 10 && (runtime?.pAdjusted ?? 1) < 0.001);
  assert.deepEqual(sizes(runtime), [100, 20]);
  assert.equal(runtime?.against, 'the 100 run(s) before');
  assert.ok(answer.checks.every(check => check === runtime || check.verdict === 'indistinct'));
});

test('quality is watched the other way round', t => {
  const store = aHistory(t);
  const accuracy = [...noisy(1, 50, 0.9, 0.002), ...noisy(2, 20, 0.87, 0.002)];
  record(
    store,
    'trainer',
    accuracy.map(value => ({ custom: { accuracy: value } })),
  );
  const of = (question: RegressionQuestion) => asked(store, { metric: 'accuracy', ...question }).answer;
  assert.deepEqual([of({}).regressions, of({}).checks[0]?.verdict], [1, 'worse']);
  assert.equal(of({ degradationThreshold: 0.1 }).regressions, 0);
  assert.equal(
    of({ thresholdPercent: 50 }).regressions,
    1,
    'the threshold of the other metrics does not count',
  );
});

test('a change below the threshold or the floor does not count', t => {
  const store = aHistory(t);
  record(store, 'a', runtimes([...noisy(1, 50, 1), ...noisy(2, 20, 1.2)]));
  assert.equal(asked(store, { thresholdPercent: 30 }).verdict, 'indistinct');
  assert.equal(
    asked(store, { floorOf: (module, metric) => (module === 'a' && metric === 'runtimeSeconds' ? 0.5 : 0) })
      .verdict,
    'indistinct',
  );
});

test('modules without runs, with one run, or with failed runs alone bring no verdict', t => {
  const store = aHistory(t);
  assert.deepEqual(asked(store).answer.checks, []);
  record(store, 'failing', new Array(30).fill({ outcome: 'error', reason: 'exit code 1' }));
  assert.deepEqual(asked(store, { module: 'failing' }).answer.checks, []);
  record(store, 'single', runtimes([1]));
  const { runtime } = asked(store, { module: 'single' });
  assert.deepEqual([runtime?.verdict, ...sizes(runtime)], ['too-few', 0, 1]);
  assert.deepEqual(
    [runtime?.reference.median, runtime?.change, runtime?.p],
    [null, null, null],
    'no value is null, not 0',
  );
});

test('runs that failed are not compared', t => {
  const store = aHistory(t);
  const failed = { outcome: 'timeout' as const, runtimeSeconds: 60 };
  record(store, 'a', [
    ...runtimes(noisy(1, 50, 1)),
    ...noisy(2, 20, 1).flatMap(value => [failed, { runtimeSeconds: value }]),
  ]);
  assert.deepEqual([asked(store).verdict, ...sizes(asked(store).runtime)], ['indistinct', 50, 20]);
});

test('a metric that appears late is compared over the runs that have it', t => {
  const store = aHistory(t);
  record(store, 'a', [
    ...new Array(50).fill({ custom: {} }),
    ...noisy(1, 25, 100).map(rows => ({ custom: { rows } })),
  ]);
  const rows = asked(store).answer.checks.find(({ metric }) => metric === 'rows');
  assert.deepEqual([rows?.verdict, ...sizes(rows)], ['indistinct', 5, 20]);
});

test('zeros and constants are compared like anything else', t => {
  const store = aHistory(t);
  record(store, 'same', runtimes(new Array(60).fill(0)));
  record(store, 'rises', runtimes([...new Array(60).fill(0), ...new Array(20).fill(2)]));
  assert.equal(asked(store, { module: 'same' }).verdict, 'indistinct');
  const { runtime } = asked(store, { module: 'rises' });
  assert.deepEqual([runtime?.verdict, runtime?.changePercent, runtime?.change], ['worse', null, 2]);
});

test('recent may be a time, also one without runs in it', t => {
  const store = aHistory(t);
  record(store, 'a', runtimes([...noisy(1, 50, 1), ...noisy(2, 12, 1.2)]), { everyMs: 5 * MINUTE_MS });
  const hour = asked(store, { recent: { ms: HOUR_MS } });
  assert.deepEqual([hour.verdict, ...sizes(hour.runtime)], ['worse', 50, 12]);
  const later = asked(store, { recent: { ms: HOUR_MS } }, NOW_MS + DAY_MS);
  assert.deepEqual([later.verdict, ...sizes(later.runtime), later.answer.regressions], ['too-few', 62, 0, 0]);
});

test('a clock that went back, or was ahead, does not compare runs with themselves', t => {
  const store = aHistory(t);
  record(store, 'a', runtimes(noisy(1, 5, 9)), { endMs: NOW_MS + 365 * DAY_MS });
  record(store, 'a', runtimes(noisy(2, 50, 1)));
  record(store, 'a', runtimes(noisy(3, 20, 1.2)), { endMs: NOW_MS - DAY_MS });
  assert.deepEqual(sizes(asked(store).runtime), [55, 20], 'by the order of recording');
  assert.deepEqual(
    sizes(asked(store, { recent: { ms: HOUR_MS } }).runtime),
    [64, 6],
    'by time, where a time is asked for',
  );
  assert.deepEqual(sizes(asked(store, { against: 'previous-week' }).runtime), [0, 20]);
});

test('the week before is that before the first recent run', t => {
  const store = aHistory(t);
  record(store, 'a', runtimes(noisy(1, 24 * 9, 1)), { everyMs: HOUR_MS });
  const { runtime } = asked(store, { against: 'previous-week' });
  assert.deepEqual(
    [runtime?.verdict, runtime?.against, ...sizes(runtime)],
    ['indistinct', 'the seven days before', 168, 20],
  );
});

test('a revision is named by any part of its hash; with a + the runs with changed files are meant', t => {
  const store = aHistory(t);
  record(store, 'a', [
    ...runtimes(noisy(1, 30, 1), { revision: '9fceb02' }),
    ...runtimes(noisy(2, 30, 1.3), { revision: '9fceb02+' }),
    ...runtimes(noisy(3, 20, 1.2), { revision: '44314a6' }),
    ...runtimes(noisy(4, 2, 1.2), { revision: null }),
  ]);
  const against = (revision: string) => asked(store, { against: { revision } });
  for (const revision of ['9fceb02', '9fce', '9FCEB02', '9fceb02d0ae598e95dc970b74767f19372d61af8'])
    assert.deepEqual(
      [against(revision).verdict, ...sizes(against(revision).runtime)],
      ['worse', 30, 20],
      revision,
    );
  assert.deepEqual([against('9fce+').verdict, ...sizes(against('9fce+').runtime)], ['better', 30, 20]);
  assert.equal(against('9fce').runtime?.against, 'revision 9fce');
  const edited = asked(store, { against: { revision: '9fce' }, recent: { runs: 40 } });
  assert.deepEqual(sizes(edited.runtime), [30, 40], 'what was changed is recent, not the commit');
  for (const revision of ['1234567', '9fc', '', '+', '9fceb0a'])
    assert.throws(
      () => against(revision),
      /no recorded run is of revision '.*': those of the newest runs are 9fceb02, .*none/,
      revision,
    );
});

test('a baseline that was set is the reference, without the runs that it was made of', t => {
  const store = aHistory(t);
  record(store, 'a', runtimes(noisy(1, 60, 1)), { endMs: NOW_MS - 5 * HOUR_MS });
  const reader = withBaselines(store, { module: 'a' }, NOW_MS - 5 * HOUR_MS);
  assert.deepEqual([asked(reader).verdict, asked(reader).runtime?.recent.n], ['too-few', 0]);
  record(store, 'a', runtimes(noisy(2, 12, 1.2)));
  const { runtime } = asked(reader);
  assert.deepEqual([runtime?.verdict, ...sizes(runtime)], ['worse', 50, 12]);
  assert.equal(runtime?.against, 'the baseline of 2026-11-20');
  assert.equal(asked(reader, { against: 'before' }).runtime?.reference.n, 52);
});

test('the outliers that a baseline has left out are not recent runs', t => {
  const store = aHistory(t);
  record(store, 'a', runtimes([...noisy(1, 40, 1), 9, ...noisy(2, 5, 1), 9, 9, ...noisy(3, 5, 1)]));
  assert.equal(asked(withBaselines(store, { module: 'a', runs: 53 })).runtime?.recent.n, 0);
});

test('a given baseline is one number, also 0; only what has one is checked against a baseline', t => {
  const store = aHistory(t);
  record(
    store,
    'a',
    noisy(1, 30, 1.2).map(value => ({ runtimeSeconds: value, custom: { errors: 1 } })),
  );
  record(store, 'b', runtimes(noisy(1, 30, 1)));
  const reader = withBaselines(store, { module: 'a', given: { runtimeSeconds: 1, errors: 0 } });
  const { answer, runtime } = asked(reader, { against: 'baseline' });
  assert.deepEqual(
    answer.checks.map(({ module, metric }) => `${module}.${metric}`),
    ['a.runtimeSeconds', 'a.errors'],
  );
  assert.deepEqual([runtime?.verdict, ...sizes(runtime), runtime?.reference.median], ['worse', 1, 20, 1]);
  const errors = answer.checks[1];
  assert.deepEqual([errors?.changePercent, errors?.change, errors?.verdict], [null, 1, 'worse']);
  assert.throws(
    () => asked(reader, { module: 'b', against: 'baseline' }),
    /no such baseline was set: `watchkeeper set-baseline b`/,
  );
});

test('a rhythm of the day is no regression', t => {
  const store = aHistory(t);
  const hours = noisy(1, 24 * 5 * 4, 1, 0.05);
  const daily = hours.map((value, quarter) => value * (1 + 0.4 * Math.sin((2 * Math.PI * quarter) / 96)));
  record(store, 'a', runtimes(daily), { everyMs: HOUR_MS / 4, endMs: NOW_MS + 6 * HOUR_MS });
  assert.equal(
    asked(store, { recent: { ms: 2 * HOUR_MS }, against: 'before' }, NOW_MS + 6 * HOUR_MS).verdict,
    'indistinct',
  );
});

test('what is not known is refused with what there is, so that a check in CI does not pass for a slip of the pen', t => {
  const store = aHistory(t);
  record(store, 'a', [{ custom: { rows: 1 } }]);
  record(store, 'b', [{ custom: {} }]);
  assert.throws(() => asked(store, { module: 'c' }), /modules with runs are a, b/);
  assert.throws(
    () => asked(store, { metric: 'runtime' }),
    /no run has a metric 'runtime': the metrics are runtimeSeconds, .*rows/,
  );
  assert.throws(() => asked(store, { module: 'b', metric: 'rows' }), { code: 'usage' });
  assert.deepEqual(
    asked(store, { metric: 'rows' }).answer.checks.map(({ module }) => module),
    ['a'],
  );
  assert.throws(() => asked(store, { thresholdPercent: -1 }), { code: 'usage' });
  assert.throws(() => asked(store, { degradationThreshold: 2 }), { code: 'usage' });
  assert.throws(() => asked(store, { against: 'baseline' }), /no such baseline was set/);
});
