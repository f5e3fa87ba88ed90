import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RegressionAnswer } from '../../src/questions/check-regression.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { MINUTE_MS, noisy, record, runtimes } from '../questions/histories.ts';
import { answered, documentOf, refused, workspaceToAsk } from './asked.ts';

failOnLeaks();

const SLOWER = [
  ...runtimes(noisy(1, 60, 1), { revision: '9fceb02' }),
  ...runtimes(noisy(2, 20, 1.3), { revision: '44314a6' }),
];

const at = () => ({ endMs: Date.now(), everyMs: MINUTE_MS });

test('a regression ends the command with 1, and is told with its size', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'collector', SLOWER, at());
  const { code, stdout, stderr } = await ask('check-regression', 'collector');
  assert.deepEqual([code, stderr], [1, '']);
  assert.match(stdout, /^metric +verdict +change \(95 %\) +before +recent +runs +p +against\n/);
  assert.match(
    stdout,
    /\ncollector\.runtimeSeconds +WORSE +\+\d\d\.\d % \(\+2\d\.\d to \+3\d\.\d\) +1\.0\d s +1\.[23]\d s +60, 20 +\S+ +the 60 run\(s\) before\n/,
  );
  assert.match(stdout, /\ncollector\.memoryMb +no difference /);
  assert.match(stdout, /\n1 regression\(s\)\n$/);
});

test('without a regression it ends with 0; --json says the same to a program', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'collector', runtimes(noisy(1, 60, 1)), at());
  assert.match(await answered(ask('check-regression')), /\nno regression\n$/);
  const answer = documentOf<RegressionAnswer>(await ask('check-regression', '--json'));
  assert.ok(!Number.isNaN(Date.parse(answer.checkedAt)));
  assert.equal(answer.regressions, 0);
  assert.deepEqual(answer.checks.map(({ module, metric, verdict }) => [module, metric, verdict])[0], [
    'collector',
    'runtimeSeconds',
    'indistinct',
  ]);
});

test('each option is heard', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'collector', SLOWER, at());
  const checked = async (...argv: string[]) => {
    const options = ['--json', '--metric', 'runtimeSeconds', ...argv];
    const { checks } = documentOf<RegressionAnswer>(await ask('check-regression', ...options));
    return checks.map(check => [check.verdict, check.reference.n, check.recent.n]);
  };
  assert.deepEqual(await checked(), [['worse', 60, 20]]);
  assert.deepEqual(await checked('--recent', '10 runs'), [['worse', 70, 10]]);
  assert.deepEqual(await checked('--recent', '20'), [['worse', 60, 20]]);
  assert.deepEqual(await checked('--recent', '30m30s'), [['worse', 50, 30]]);
  assert.deepEqual(await checked('--threshold', '60'), [['indistinct', 60, 20]]);
  assert.deepEqual(await checked('--against', 'revision 9fce'), [['worse', 60, 20]]);
  assert.deepEqual(await checked('--against', 'previous week'), [['worse', 60, 20]]);
  assert.deepEqual(await checked('--against=before'), [['worse', 60, 20]]);
});

test('with a hundred recent runs the p95 of times is told as well, also where the middle stayed', async t => {
  const { store, ask } = workspaceToAsk(t);
  const recent = noisy(2, 100, 1).map((value, index) => (index % 10 === 0 ? 2 * value : value));
  record(store, 'collector', runtimes([...noisy(1, 200, 1), ...recent]), at());
  const output = await answered(ask('check-regression', 'collector', '--recent', '100 runs'));
  assert.match(output, /^metric +verdict +change \(95 %\) +before +recent +p95 \(95 %\) +runs /);
  assert.match(
    output,
    /\ncollector\.runtimeSeconds +no difference .* \+\d\d\.\d % \(\+\d+\.\d to \+\d+\.\d\) +200, 100 /,
  );
  assert.match(output, /\ncollector\.memoryMb +no difference .* - +200, 100 /);
  assert.match(output, /\ncollector\.runtimeSeconds: the middle stayed, the p95 went from 1\.0\d s to /);
  assert.match(output, /\nno regression\n$/);
  const { checks } = documentOf<RegressionAnswer>(await ask('check-regression', 'collector', '--json'));
  assert.ok(
    checks.every(({ p95 }) => p95 === null),
    'of 20 runs it would mislead',
  );
});

test('too few runs are said to be too few, and how many would do', async t => {
  const { store, ask } = workspaceToAsk(t);
  assert.equal(await answered(ask('check-regression')), 'nothing to check: no run has succeeded yet\n');
  record(store, 'collector', runtimes(noisy(1, 4, 1)), at());
  const output = await answered(ask('check-regression', '--metric', 'runtimeSeconds', '--recent', '2 runs'));
  assert.match(output, /too few runs/);
  assert.match(
    output,
    /collector\.runtimeSeconds: 2 recent run\(s\) are too few; a change of \d+ % shows with /,
  );
  assert.match(output, /1 of 1 check\(s\) had too few runs to tell\n$/);
  const first = await answered(ask('check-regression'));
  assert.deepEqual(
    first.match(/^.*nothing yet to compare.*$/gm),
    [
      'collector: there is nothing yet to compare its 4 recent run(s) with: wait for more runs, or take fewer (`--recent "5 runs"`)',
    ],
    'once for all metrics of a module',
  );
  assert.doesNotMatch(output, /no regression/);
});

test('against the revision that runs now there is nothing to check, and an earlier one is asked for', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'collector', runtimes(noisy(1, 30, 1), { revision: '44314a6' }), at());
  assert.match(
    await answered(ask('check-regression', '--against', 'revision 44314a6')),
    /\n\ncollector: there is no recent run to compare with revision 44314a6: only .* so name an earlier one\n\d/,
  );
});

test('what is not understood or not known ends with 2, and says what is', async t => {
  const { store, ask } = workspaceToAsk(t);
  await refused(
    ask('check-regression', 'collector'),
    /no run of 'collector' is recorded: no module has run yet/,
  );
  record(store, 'collector', SLOWER, at());
  const check = (...argv: string[]) => ask('check-regression', ...argv);
  await refused(check('colector'), /modules with runs are collector/);
  await refused(
    check('--metric', 'runtime'),
    /no run has a metric 'runtime': the metrics are runtimeSeconds/,
  );
  await refused(
    check('--against', 'yesterday'),
    /--against takes baseline, before, previous-week or "revision REV"/,
  );
  await refused(check('--against', 'revision main'), /the workspace is in none/);
  await refused(check('--against', 'revision '), /--against takes /);
  await refused(
    check('--against', 'revision 1234567'),
    /no recorded run is of revision '1234567': .*9fceb02/,
  );
  await refused(
    check('--against', 'baseline'),
    /no such baseline was set: `watchkeeper set-baseline collector`/,
  );
  await refused(check('--recent', '0 runs'), /--recent takes a whole number from 1 on/);
  await refused(check('--recent', 'now'), /--recent takes so many runs or a duration/);
  await refused(check('--threshold', '-1'), /a threshold is 0 percent or more/);
  await refused(check('--threshold', 'x'), /--threshold takes a number, not 'x'/);
  await refused(check('--degradation-threshold', '5'), /a share from 0 to 1/);
});

test('a change below the floor of its module is none; without a configuration no floor holds, and that is said', async t => {
  const { store, ask, root } = workspaceToAsk(t);
  record(store, 'other', SLOWER, at());
  assert.equal((await ask('check-regression')).code, 0);
  for (const yaml of ['modules: {', '']) {
    writeFileSync(join(root, 'watchkeeper.yaml'), yaml);
    const { code, stderr } = await ask('check-regression');
    assert.equal(code, 1);
    assert.match(stderr, /^watchkeeper\.yaml cannot be used \(see `validate`\): no floor holds/);
  }
});
