import assert from 'node:assert/strict';
import { test } from 'node:test';
import { surestOf } from '../../src/judge/surest.ts';

test('of the lines of an incident the surest one counts, and of equals the first', () => {
  const lines = [{ run: 'a' }, { run: 'b', confidence: 0.3 }, { run: 'c', confidence: 0.98 }];
  assert.equal(surestOf([...lines, { run: 'd', confidence: 0.98 }])?.run, 'c');
  assert.equal(surestOf([{ run: 'a', confidence: 0 }])?.run, 'a');
});

test('lines of a time before there were detectors say nothing', () => {
  const old: { run: string; confidence?: number }[] = [{ run: 'a' }, { run: 'b' }];
  assert.equal(surestOf(old), null);
  assert.equal(surestOf([]), null);
});
