import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../src/glossary/run.ts';
import { compare } from '../../src/questions/compare.ts';
import { aHistory } from './a-history.ts';
import { assertFinite, noisy, record, runtimes } from './histories.ts';

test('modules are ranked by their runtime, and which differences are real', t => {
  const store = aHistory(t);
  record(store, 'slow', runtimes(noisy(1, 30, 2)));
  record(store, 'fast', runtimes([...noisy(2, 30, 1)]));
  record(store, 'also-fast', runtimes(noisy(3, 30, 1)));
  record(store, 'idle', [{ outcome: 'error' }]);
  const answer = compare(store, {});
  assertFinite(answer);
  assert.deepEqual([answer.metric, answer.by, answer.leftOut], ['runtimeSeconds', 'module', 0]);
  assert.deepEqual(answer.groups.map(({ name }) => name).slice(-1), ['slow']);
  assert.deepEqual(
    answer.groups.map(({ place }) => place),
    ['best', 'as-good', 'worse'],
  );
  assert.ok(Math.abs((answer.groups[2]?.ratio ?? 0) - 2) < 0.1);
  assert.equal(answer.differences.length, 2);
  assert.deepEqual(
    compare(store, { modules: ['slow', 'fast', 'slow'] }).groups.map(({ name }) => name),
    ['fast', 'slow'],
  );
});

test('of quality more is better', t => {
  const store = aHistory(t);
  for (const [module, level] of [
    ['a', 0.7],
    ['b', 0.9],
  ] as const)
    record(
      store,
      module,
      noisy(1, 20, level, 0.01).map(accuracy => ({ custom: { accuracy } })),
    );
  assert.equal(compare(store, { metric: 'accuracy' }).groups[0]?.name, 'b');
});

test('the runs of one module by their revision or by a label, whatever it says', t => {
  const store = aHistory(t);
  const of = (level: number, part: Partial<Run>) => runtimes(noisy(level, 10, level), part);
  record(store, 'trainer', [
    ...of(1, { revision: 'aaaaaaa', labels: { model: '__proto__' } }),
    ...of(2, { revision: 'aaaaaaa+', labels: { model: 'v "2", {}' } }),
    { outcome: 'error', runtimeSeconds: 99, revision: 'ccccccc' },
    ...of(3, { revision: null }),
  ]);
  const revisions = compare(store, { modules: ['trainer'], by: 'revision' });
  assert.deepEqual(
    revisions.groups.map(({ name, n }) => [name, n]),
    [
      ['aaaaaaa', 10],
      ['aaaaaaa+', 10],
    ],
  );
  const labels = compare(store, { modules: ['trainer'], by: { label: 'model' } });
  assert.deepEqual(
    [labels.by, ...labels.groups.map(({ name }) => name)],
    ['label model', '__proto__', 'v "2", {}'],
  );
});

test('the newest runs count; of many groups those that were seen last', t => {
  const store = aHistory(t);
  const parts = Array.from({ length: 15 }, (_, index) =>
    runtimes([1, 1, 1], { revision: `rev${index}` }),
  ).flat();
  record(store, 'a', [...parts, ...runtimes([1], { revision: 'rev0' })]);
  const answer = compare(store, { modules: ['a'], by: 'revision' });
  assert.deepEqual([answer.groups.length, answer.leftOut], [12, 3]);
  const names = answer.groups.map(({ name }) => name);
  assert.ok(
    names.includes('rev0') && !names.includes('rev1') && !names.includes('rev3') && names.includes('rev4'),
  );
  assert.equal(compare(store, { modules: ['a'], by: 'revision', runs: 4 }).groups.length, 2);
});

test('a custom metric is found by its name, though a run has a field of that name', t => {
  const store = aHistory(t);
  for (const [label, attempt] of [
    ['x', 5],
    ['y', 9],
  ] as const)
    record(store, 'a', new Array(5).fill({ attempt: 1, custom: { attempt }, labels: { kind: label } }));
  const { groups } = compare(store, { modules: ['a'], by: { label: 'kind' }, metric: 'attempt' });
  assert.deepEqual(
    groups.map(({ median }) => median),
    [5, 9],
  );
});

test('what cannot be compared is refused, with what to do', t => {
  const store = aHistory(t);
  assert.throws(
    () => compare(store, {}),
    /two modules with values of runtimeSeconds are needed, and there is none: compare another metric/,
  );
  record(store, 'a', runtimes([1]));
  assert.throws(
    () => compare(store, {}),
    /there is only a: compare another metric, or one module by revision/,
  );
  assert.throws(() => compare(store, { modules: ['a', 'b'] }), /modules with runs are a/);
  assert.throws(() => compare(store, { by: 'revision' }), /name one module whose runs are compared/);
  assert.throws(() => compare(store, { modules: ['a', 'b'], by: 'revision' }), /name one module/);
  assert.throws(
    () => compare(store, { modules: ['a'], by: { label: 'model' } }),
    /two values of the label model .* there is none: look at more runs/,
  );
  for (let index = 0; index < 31; index += 1) record(store, `m${index}`, runtimes([1]));
  assert.throws(
    () => compare(store, {}),
    /32 modules are too many to compare each with each: name at most 30/,
  );
});
