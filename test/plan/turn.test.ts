import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Trigger } from '../../src/glossary/run.ts';
import { takeTurn } from '../../src/plan/turn.ts';
import { fc } from '../helpers/properties.ts';
import { MINUTELY, moduleOf } from './modules.ts';

const PIPELINE = [
  moduleOf('collector', [], MINUTELY),
  moduleOf('signal-generator', ['collector']),
  moduleOf('backtester', ['signal-generator'], MINUTELY),
  moduleOf('report', ['backtester'], MINUTELY),
  moduleOf('other', [], MINUTELY),
];

function turn(due: string[], running: string[], trigger: Trigger = 'schedule') {
  const taken = takeTurn(
    PIPELINE,
    due.map(module => ({ module, trigger })),
    name => running.includes(name),
  );
  return {
    start: taken.start.map(({ module }) => module),
    missed: taken.missed,
    later: taken.later.map(({ due: put, waitsFor, because }) => ({
      due: put.map(({ module }) => module),
      waitsFor,
      because,
    })),
  };
}

test('what is due starts, where nothing is running', () => {
  const due = ['collector', 'backtester', 'other'];
  assert.deepEqual(turn(due, []), { start: due, missed: [], later: [] });
  assert.deepEqual(turn(due, ['report']), { start: due, missed: [], later: [] });
});

test('what is still running is missed, and what is due with it and comes after it waits for it', () => {
  assert.deepEqual(turn(['collector', 'backtester', 'report', 'other'], ['collector']), {
    start: ['other'],
    missed: ['collector'],
    later: [{ due: ['backtester', 'report'], waitsFor: ['collector'], because: 'upstream' }],
  });
});

test('a module that is due alone does not wait for one that it comes after', () => {
  assert.deepEqual(turn(['backtester'], ['collector', 'signal-generator']), {
    start: ['backtester'],
    missed: [],
    later: [],
  });
});

test('a change during the run is kept until the run has ended, each for itself', () => {
  assert.deepEqual(turn(['collector', 'backtester', 'other'], ['collector', 'other'], 'change'), {
    start: [],
    missed: [],
    later: [
      { due: ['collector'], waitsFor: ['collector'], because: 'self' },
      { due: ['other'], waitsFor: ['other'], because: 'self' },
      { due: ['backtester'], waitsFor: ['collector', 'other'], because: 'upstream' },
    ],
  });
});

test('what a person asks for starts now', () => {
  assert.deepEqual(turn(['collector', 'backtester'], ['collector'], 'manual'), {
    start: ['backtester'],
    missed: ['collector'],
    later: [],
  });
});

test('whatever is due and running: each of them is started, missed or put off, and only that; what runs never starts', () => {
  const names = fc.subarray(PIPELINE.map(({ name }) => name));
  const trigger = fc.constantFrom<Trigger>('schedule', 'change', 'manual');
  fc.assert(
    fc.property(names, names, trigger, (due, running, why) => {
      const { start, missed, later } = turn(due, running, why);
      const placed = [...start, ...missed, ...later.flatMap(one => one.due)];
      assert.deepEqual(placed.toSorted(), due.toSorted());
      assert.ok(start.every(name => !running.includes(name)));
      assert.ok(
        later.every(({ waitsFor }) => waitsFor.length > 0 && waitsFor.every(name => running.includes(name))),
      );
    }),
  );
});
