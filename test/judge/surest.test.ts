import assert from 'node:assert/strict';
import { test } from 'node:test';
import { surestOf } from '../../src/judge/surest.ts';

const line = (confidence?: number, event: 'anomaly' | 'recovered' | 'persisted' = 'anomaly') =>
  confidence === undefined ? { event } : { event, confidence };

test('of the lines of an incident the surest one counts, and of equals the first', () => {
  const [first, surest, equal] = [line(0.3), line(0.98), line(0.98)];
  assert.equal(surestOf([line(), first, surest, equal]), surest);
  assert.equal(surestOf([line(0)])?.confidence, 0);
});

test('its recovery does not count: how sure the way back is says nothing of what began it', () => {
  const [opening, end] = [line(0.3), line(0.98, 'persisted')];
  assert.equal(surestOf([opening, line(0.98, 'recovered')]), opening);
  assert.equal(surestOf([opening, end]), end);
});

test('lines of a time before there were detectors say nothing', () => {
  assert.equal(surestOf([line(), line()]), null);
  assert.equal(surestOf([]), null);
});
