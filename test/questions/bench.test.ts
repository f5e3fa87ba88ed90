import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeptBaseline } from '../../src/baseline/kept.ts';
import { givenBaseline, makeBaseline } from '../../src/baseline/make-baseline.ts';
import type { Run } from '../../src/glossary/run.ts';
import { type BenchFacts, benchAnswer, benchResult } from '../../src/questions/bench.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import { run } from '../git/support.ts';

const MACHINE = { cpu: 'A', cores: 2, memoryMb: 1000, system: 'Linux 6', node: 'v24.0.0' };
const NONE = { baseline: () => null };

function runs(seed: number, level: number, count = 20): Run[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () =>
    run({ runtimeSeconds: level * Math.exp(0.03 * gaussian(random)), custom: { accuracy: 0.9 } }),
  );
}

function question(values: Partial<BenchFacts> = {}): BenchFacts {
  return {
    ...{ module: 'collector', time: '2026-11-20T12:00:00.000Z', revision: '9fceb02', machine: MACHINE },
    ...{ warmup: 1, runs: runs(1, 1), kept: null, floorOf: () => 0 },
    ...values,
  };
}

function baselineOf(values: number[]): KeptBaseline {
  const kept = {
    module: 'collector',
    metric: 'runtimeSeconds',
    setAt: '2026-11-01T00:00:00.000Z',
    source: '',
  };
  return { ...makeBaseline(values), ...kept, values, timesMs: [] };
}

const secondsOf = (all: readonly Run[]): number[] => all.map(({ runtimeSeconds }) => runtimeSeconds ?? 0);

test('each metric of the runs that succeeded has its figures; those that failed are named', () => {
  const all = [
    ...runs(1, 1),
    run({ outcome: 'error', reason: 'exit code 3', runtimeSeconds: 9 }),
    ...runs(2, 1),
  ];
  const answer = benchAnswer(NONE, question({ runs: all }));
  const runtime = answer.metrics.find(({ metric }) => metric === 'runtimeSeconds');
  assert.deepEqual([answer.runs, runtime?.n], [41, 40]);
  assert.deepEqual(answer.failed, [{ run: 21, outcome: 'error', reason: 'exit code 3' }]);
  assert.ok(runtime !== undefined && runtime.max < 2);
  assert.ok(answer.metrics.some(({ metric }) => metric === 'accuracy'));
  assert.deepEqual(answer.comparisons, []);
});

test('it is compared with the baseline that was set, by its runs or by its number', () => {
  const before = secondsOf(runs(3, 0.8));
  const answer = benchAnswer(
    { baseline: (_, metric) => (metric === 'runtimeSeconds' ? baselineOf(before) : null) },
    question(),
  );
  const [comparison] = answer.comparisons;
  assert.deepEqual(
    [comparison?.metric, comparison?.verdict, answer.regressions],
    ['runtimeSeconds', 'worse', 1],
  );
  assert.equal(comparison?.against, 'the baseline of 2026-11-01');
  assert.ok(Math.abs((comparison?.changePercent ?? 0) - 25) < 3);
  const given: KeptBaseline = { ...baselineOf([1]), ...givenBaseline(1.3), values: [] };
  const better = benchAnswer(
    { baseline: (_, metric) => (metric === 'runtimeSeconds' ? given : null) },
    question(),
  );
  assert.deepEqual([better.comparisons[0]?.verdict, better.regressions], ['better', 0]);
});

test('it is compared with the last result, and says so where that is of another machine', () => {
  const first = benchResult(benchAnswer(NONE, question()));
  const same = benchAnswer(NONE, question({ kept: first, runs: runs(5, 1) }));
  assert.ok(same.comparisons.length > 2 && same.comparisons.every(({ verdict }) => verdict === 'indistinct'));
  assert.deepEqual(same.warnings, []);
  const other = { ...first, machine: { ...MACHINE, cores: 8 } };
  const slow = benchAnswer(NONE, question({ kept: other, runs: runs(5, 1.1) }));
  assert.equal(slow.regressions, 1);
  assert.equal(slow.comparisons[0]?.against, '2026-11-20 12:00, 9fceb02');
  assert.match(slow.warnings.join(), /another machine \(cores 8, now 2\)/);
});

test('a change below the floor of its metric does not count', () => {
  const kept = benchResult(benchAnswer(NONE, question()));
  const answer = benchAnswer(NONE, question({ kept, runs: runs(5, 1.2), floorOf: () => 0.5 }));
  assert.equal(answer.regressions, 0);
});
