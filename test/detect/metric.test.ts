import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beginMetric } from '../../src/detect/metric.ts';
import type { Verdict } from '../../src/detect/verdict.ts';
import { fc } from '../helpers/properties.ts';
import { DETECTION } from '../supervise/played.ts';
import { noise } from './series.ts';

const RULE = { ...DETECTION, floor: 0 };

function verdictsOf(values: readonly (number | null)[]): Verdict[] {
  const metric = beginMetric(DETECTION, RULE, 'ranking');
  return values.map((value, index) => metric.next(value, index * 60_000));
}

const ANY = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 0.9, max: 1.1, noNaN: true }) },
  fc.double({ noNaN: true }),
  fc.constantFrom(null, 0, 1, -1, 5e-324, 1e-200, 1e99, 1e308, -1e308, Number.NaN, Number.POSITIVE_INFINITY),
);

test('the verdict on a value is the same whether or not the rest exists, and the same each time', () => {
  const series = fc.array(ANY, { minLength: 2, maxLength: 120 });
  fc.assert(
    fc.property(series, fc.nat(), (values, pick) => {
      const whole = verdictsOf(values);
      assert.deepEqual(verdictsOf(values), whole);
      const length = 1 + (pick % (values.length - 1));
      assert.deepEqual(verdictsOf(values.slice(0, length)), whole.slice(0, length));
    }),
    { numRuns: 60 },
  );
});

test('so it is in a season with a shift and spikes', () => {
  const values = noise(1, 500, 1, 5).map(
    (value, at) => value * (1 + 0.2 * Math.sin(at / 4)) * (at > 300 ? 1.4 : 1) * (at % 90 === 80 ? 3 : 1),
  );
  const whole = verdictsOf(values);
  assert.ok(whole.some(({ kind }) => kind === 'shift') && whole.some(({ kind }) => kind === 'spike'));
  for (const length of [50, 81, 301, 305, 420]) {
    assert.deepEqual(verdictsOf(values.slice(0, length)), whole.slice(0, length));
  }
});

test('scores, votes and the confidence lie from 0 to 1, whatever comes', () => {
  fc.assert(
    fc.property(fc.array(ANY, { maxLength: 120 }), values => {
      for (const { score, confidence, votes, expected } of verdictsOf(values)) {
        for (const each of [score, confidence, ...Object.values(votes)]) {
          assert.ok(each === null || (each >= 0 && each <= 1), `${each}`);
        }
        for (const each of expected ?? []) assert.ok(!Number.isNaN(each));
      }
    }),
    { numRuns: 100 },
  );
});

test('an event has a kind, a direction, a severity and a size; without one there are none', () => {
  const [spike] = verdictsOf([...noise(1, 60, 10, 3), 30]).slice(-1);
  assert.deepEqual(
    [spike?.event, spike?.kind, spike?.direction, spike?.severity],
    [true, 'spike', 'above', 'critical'],
  );
  assert.ok((spike?.votes['spike'] ?? 0) > 0.5 && (spike?.votes['deviation'] ?? 0) > 0.5);
  const [quiet] = verdictsOf([...noise(1, 60, 10, 3), 10]).slice(-1);
  assert.deepEqual(
    [
      quiet?.event,
      quiet?.kind,
      quiet?.direction,
      quiet?.severity,
      quiet?.beganAgo,
      quiet?.before,
      quiet?.sizePercent,
    ],
    [false, null, null, null, null, null, null],
  );
});

test('it is sure of a plain shift and of a plain spike, and not of most waves of a season that it does not know yet', () => {
  const sureness = (values: readonly number[]): number[] =>
    verdictsOf(values).flatMap(({ event, confidence }, at) => (event && at >= 24 ? [confidence] : []));
  assert.ok(Math.max(...sureness([...noise(1, 100, 5, 3), 10])) > 0.95);
  assert.ok(Math.max(...sureness([...noise(1, 100, 0.43, 3), ...noise(2, 16, 0.473, 3)])) > 0.8);
  const wave = (value: number, at: number): number => value * (1 + 0.15 * Math.sin((2 * Math.PI * at) / 40));
  const waves = Array.from({ length: 10 }, (_, seed) =>
    sureness(noise(seed + 1, 200, 1, 3).map(wave)),
  ).flat();
  assert.ok(waves.length > 10, `${waves.length} of them are taken for shifts`);
  assert.ok(waves.filter(each => each < 0.5).length > waves.length / 2, `${waves}`);
});

test('saved and restored, it is as sure as the one that was never stopped', () => {
  const values = noise(4, 300, 1, 5).map(
    (value, at) => value * (at >= 200 ? 1.3 : 1) * (at % 60 === 59 ? 2 : 1),
  );
  const history = values.map(value => ({ values: [value], timeMs: null }));
  for (const at of [3, 60, 199, 203, 260]) {
    const [running, restored] = [
      beginMetric(DETECTION, RULE, 'events'),
      beginMetric(DETECTION, RULE, 'events'),
    ];
    for (const value of values.slice(0, at)) running.next(value, null);
    // Of so few runs alone nobody could learn the same again.
    assert.ok(restored.restore(running.save(), history.slice(at - 3, at)));
    for (const value of values.slice(at)) {
      const [went, goesOn] = [running.next(value, null), restored.next(value, null)];
      assert.deepEqual([goesOn.event, goesOn.confidence], [went.event, went.confidence]);
      assert.equal(goesOn.votes['z-score'], went.votes['z-score']);
    }
  }
});

test('what cannot be read is not restored', () => {
  const metric = beginMetric(DETECTION, RULE, 'events');
  for (const saved of [new Float64Array(), Float64Array.of(3, 1, 2), new Float64Array(7)])
    assert.equal(metric.restore(saved, []), false);
});

test('the first value is judged by nobody', () => {
  const [first] = verdictsOf([7]);
  assert.equal(first?.score, 0);
  assert.equal(first?.confidence, 0);
  assert.equal(first?.expected, null);
});

/** Bytes in use after everything that is not needed any more is gone. */
function bytesInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

test('memory does not grow with the series', () => {
  const metric = beginMetric(DETECTION, RULE, 'ranking');
  const values = noise(1, 5000, 1, 5).map((value, at) => value * (at % 50 < 25 ? 1 : 1.5));
  for (let round = 0; round < 2; round += 1) for (const value of values) metric.next(value, null);
  const before = bytesInUse();
  for (let round = 0; round < 6; round += 1) for (const value of values) metric.next(value, null);
  const grown = bytesInUse() - before;
  assert.ok(grown < 1_000_000, `${grown}`);
  assert.equal(typeof metric.next(1, null).score, 'number'); // it was not thrown away itself
});
