import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompareAnswer } from '../../src/questions/compare.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { noisy, record, runtimes } from '../questions/histories.ts';
import { answered, documentOf, refused, workspaceToAsk } from './asked.ts';

failOnLeaks();

test('modules are ranked in a table, and what is beyond chance is said', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'slow', runtimes(noisy(1, 30, 2)));
  record(store, 'fast', runtimes(noisy(2, 30, 1)));
  record(store, 'new', runtimes([1, 1]));
  const output = await answered(ask('compare'));
  assert.match(
    output,
    /^module +place +runtimeSeconds +times the best +95 % +p +runs\nfast +best +1\.0\d s +1\.00 x +- +- +30\n/,
  );
  assert.match(
    output,
    /\nslow +worse +\d\.\d\d s +[12]\.\d\d x +1\.\d\d to 2\.\d\d +\S+ +30\nnew +too few runs +1\.00 s +- +- +- +2\n/,
  );
  assert.match(output, /\n\n1 pair\(s\) differ beyond chance\n$/);
  assert.match(await answered(ask('compare', 'fast', 'new')), /\nno difference beyond chance\n$/);
});

test('--json, by a label and by another metric', async t => {
  const { store, ask } = workspaceToAsk(t);
  for (const [model, level] of [
    ['v1', 0.7],
    ['v2 (beta)', 0.9],
  ] as const)
    record(
      store,
      'trainer',
      noisy(1, 20, level, 0.01).map(accuracy => ({ custom: { accuracy }, labels: { model } })),
    );
  const options = ['trainer', '--by', 'label model', '--metric', 'accuracy', '--runs', '40'];
  const answer = documentOf<CompareAnswer>(await ask('compare', '--json', ...options));
  assert.deepEqual([answer.metric, answer.by, answer.leftOut], ['accuracy', 'label model', 0]);
  assert.deepEqual(
    answer.groups.map(({ name, place, n, interval }) => [name, place, n, interval === null]),
    [
      ['v2 (beta)', 'best', 20, true],
      ['v1', 'worse', 20, false],
    ],
  );
  assert.deepEqual(
    answer.differences.map(({ better, worse }) => [better, worse]),
    [['v2 (beta)', 'v1']],
  );
});

test('of many revisions those that were seen last are compared, and it says so', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(
    store,
    'a',
    Array.from({ length: 14 }, (_, index) => ({ revision: `rev${index}` })),
  );
  assert.match(
    await answered(ask('compare', 'a', '--by', 'revision')),
    /\n2 earlier one\(s\) are left out\n/,
  );
});

test('what cannot be compared is refused', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'collector', [{}]);
  await refused(ask('compare'), /there is only collector: compare another metric, or one module by revision/);
  await refused(ask('compare', 'collector', 'x'), /no run of 'x' is recorded/);
  await refused(ask('compare', '--by', 'revision'), /name one module whose runs are compared/);
  await refused(
    ask('compare', 'collector', '--by', 'colour'),
    /--by takes module, revision or "label NAME", not 'colour'/,
  );
  await refused(ask('compare', 'collector', '--by', 'label \u001b[31m'), /values of the label \\x1b\[31m /);
  await refused(ask('compare', '--runs', '0'), /--runs takes a whole number from 1 on/);
});
