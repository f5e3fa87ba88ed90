import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bottlenecksOf, type ModuleTotals } from '../src/bottlenecks.ts';

const NOTHING = {
  runs: 10,
  failures: 0,
  runtimeSeconds: 0,
  cpuSeconds: 0,
  failedSeconds: 0,
  deviations: 0,
  incidents: 0,
};

const MODULES: ModuleTotals[] = [
  {
    ...NOTHING,
    module: 'collector',
    runs: 100,
    runtimeSeconds: 30,
    cpuSeconds: 5,
    failures: 10,
    failedSeconds: 6,
    deviations: 4,
  },
  {
    ...NOTHING,
    module: 'backtester',
    runs: 5,
    runtimeSeconds: 90,
    cpuSeconds: 15,
    failures: 1,
    failedSeconds: 18,
    incidents: 2,
  },
  { ...NOTHING, module: 'idle' },
];

test('modules are ranked by what they cost, with their shares', () => {
  const { runtimeSeconds, cpuSeconds, failedSeconds } = bottlenecksOf(MODULES);
  assert.deepEqual(runtimeSeconds, [
    { module: 'backtester', amount: 90, share: 0.75 },
    { module: 'collector', amount: 30, share: 0.25 },
  ]);
  assert.deepEqual(
    [cpuSeconds[0]?.share, failedSeconds[0]?.module, failedSeconds[0]?.share],
    [0.75, 'backtester', 0.75],
  );
});

test('failures and deviations come with their rate and where the true one may lie', () => {
  const { failures, deviations, incidents } = bottlenecksOf(MODULES);
  assert.deepEqual(
    failures.map(({ module, rate }) => [module, rate]),
    [
      ['collector', 0.1],
      ['backtester', 0.2],
    ],
  );
  assert.ok((failures[1]?.interval.high ?? 0) > 0.5, '1 of 5 says little');
  assert.ok((failures[0]?.interval.high ?? 1) < 0.2, '10 of 100 say more');
  assert.deepEqual([deviations.length, deviations[0]?.rate], [1, 0.04]);
  assert.deepEqual(incidents, [{ module: 'backtester', amount: 2, share: 1 }]);
});

test('where nothing happened no module is a bottleneck, and equal ones are named in order', () => {
  const idle = bottlenecksOf([{ ...NOTHING, module: 'a' }]);
  assert.deepEqual([idle.runtimeSeconds, idle.failures], [[], []]);
  const equal = ['b', 'a'].map(module => ({ ...NOTHING, module, failures: 2 }));
  assert.deepEqual(
    bottlenecksOf(equal).failures.map(({ module }) => module),
    ['a', 'b'],
  );
});
