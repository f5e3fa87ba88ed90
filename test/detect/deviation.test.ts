import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginDeviation } from '../../src/detect/deviation.ts';
import type { MetricState } from '../../src/glossary/judgement.ts';
import { stepMetric } from '../../src/judge/metric.ts';
import { fc } from '../helpers/properties.ts';

const VALUES = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 6, max: 14 }) },
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, 12.5, 7.5, 1e308, -1e308, 5e-324, 0.1 + 0.2),
  ),
  { maxLength: 40 },
);
const RULES = fc.record({
  thresholdPercent: fc.constantFrom(0.1, 25, 1000),
  window: fc.integer({ min: 1, max: 6 }),
  recoveryRuns: fc.integer({ min: 1, max: 4 }),
  floor: fc.constantFrom(0, 2.5, 100),
});

test('its score is above 0.5 exactly where the rule flags', () => {
  fc.assert(
    fc.property(VALUES, RULES, (values, rule) => {
      const model = beginDeviation(rule);
      let state: MetricState = { recent: [], incident: null };
      for (const value of values) {
        const step = stepMetric(state, value, rule, { run: 'r', openedAt: '', incidentId: () => 'i' });
        const isFlagged = step.verdicts.some(({ event }) => event === 'anomaly');
        const isLearning = state.incident === null && state.recent.length < rule.window;
        const { score } = model.next({ values: [value], timeMs: null });
        assert.equal(score === null, isLearning);
        assert.ok(score === null || (score >= 0 && score < 1), `${score}`);
        assert.equal((score ?? 0) > 0.5, isFlagged, `${value}: ${score}`);
        state = step.state;
      }
    }),
    { numRuns: 500 },
  );
});

test('the range that it expects is that of the threshold around the mean', () => {
  const model = beginDeviation({ thresholdPercent: 25, window: 5, recoveryRuns: 3, floor: 0 });
  for (const value of [8, 12, 8, 12, 10]) model.next({ values: [value], timeMs: null });
  assert.deepEqual(model.next({ values: [11], timeMs: null }).expected, [7.5, 12.5]);
});

test('what is missing is passed over', () => {
  const model = beginDeviation({ thresholdPercent: 25, window: 1, recoveryRuns: 3, floor: 0 });
  model.next({ values: [10], timeMs: null });
  assert.equal(model.next({ values: [null], timeMs: null }).score, null);
  assert.ok((model.next({ values: [20], timeMs: null }).score ?? 0) > 0.5);
});
