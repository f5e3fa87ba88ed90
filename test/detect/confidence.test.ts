import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Confidence } from '../../src/detect/confidence.ts';
import type { RunEvent } from '../../src/detect/run-events.ts';
import type { Kind } from '../../src/glossary/event.ts';
import { fc } from '../helpers/properties.ts';

const QUIET: RunEvent = {
  ...{ event: false, kind: null, direction: null, beganAgo: null, before: null, sizePercent: null },
  ...{ expected: null, shiftStrength: 0, spikeStrength: 0, shiftValues: 0, isAbove: true },
};

function seen(kind: Kind, strength: number, values = 1): RunEvent {
  const found = { event: strength > 1, kind: strength > 1 ? kind : null, direction: 'above' } as const;
  const [shiftStrength, spikeStrength] = kind === 'shift' ? [strength, 0] : [0, strength];
  const shiftValues = kind === 'shift' ? values : 0;
  return { ...QUIET, ...found, beganAgo: values - 1, shiftStrength, spikeStrength, shiftValues };
}

/** How sure it is of what shows in the newest values, which were voted on like this. */
function sureness(event: RunEvent, votes: readonly number[]): number {
  const confidence = new Confidence();
  for (const vote of votes.slice(0, -1)) confidence.next(QUIET, vote);
  return confidence.next(event, votes.at(-1) ?? null);
}

test('it lies from 0 to 1, and rises with the strength and with the vote', () => {
  const strength = fc.double({ min: 0, noNaN: true });
  const vote = fc.double({ min: 0, max: 1 - Number.EPSILON, noNaN: true });
  fc.assert(
    fc.property(
      fc.constantFrom<Kind>('shift', 'spike'),
      ...([strength, strength, vote, vote, fc.integer({ min: 1, max: 20 })] as const),
      (kind, strength, otherStrength, vote, otherVote, values) => {
        const [less, more] = [strength, otherStrength].toSorted((a, b) => a - b);
        const [low, high] = [vote, otherVote].toSorted((a, b) => a - b);
        const least = sureness(seen(kind, less ?? 0, values), [low ?? 0]);
        const weak = sureness(seen(kind, less ?? 0, values), [high ?? 0]);
        const strong = sureness(seen(kind, more ?? 0, values), [high ?? 0]);
        assert.ok(least >= 0 && least <= weak && weak <= strong && strong <= 1);
      },
    ),
  );
});

test('of a shift the highest vote on any of its values counts, and no earlier one', () => {
  const shift = seen('shift', 1.1, 3);
  const sure = sureness(shift, [0.5, 0.1, 0.1]);
  assert.equal(sureness(shift, [0.1, 0.1, 0.5]), sure);
  assert.ok(sureness(shift, [0.5, 0.1, 0.1, 0.1]) < sure - 0.2);
});

test('a shift is as sure as its first value, which was told as a spike; one to the other side is not', () => {
  const confidence = new Confidence();
  const spike = confidence.next(seen('spike', 3), 0.8);
  const shift = seen('shift', 1.01, 2);
  assert.ok(spike > sureness(shift, [0.1, 0.1]));
  assert.equal(confidence.next(shift, 0.1), spike);
  const other = new Confidence();
  other.next(seen('spike', 3), 0.8);
  assert.ok(other.next({ ...shift, isAbove: false }, 0.1) < spike);
  const late = new Confidence();
  late.next(seen('spike', 3), 0.8);
  for (let quiet = 0; quiet < 5; quiet += 1) late.next(QUIET, 0.1);
  assert.ok(late.next(shift, 0.1) < spike);
});

test('a value as far out as a spike that was just told is of its episode, and as sure', () => {
  const confidence = new Confidence();
  const spike = confidence.next(seen('spike', 3), 0.8);
  const again = { ...QUIET, spikeStrength: 1.05 };
  assert.equal(confidence.next(again, 0.1), spike);
  assert.ok(confidence.next({ ...again, isAbove: false }, 0.1) < spike);
  assert.ok(confidence.next(QUIET, 0.1) < spike);
  assert.ok(confidence.next(again, 0.1) < spike, 'long after it');
});

test('where nothing is known yet, it is not sure of anything', () => {
  assert.equal(sureness({ ...QUIET, shiftStrength: null, spikeStrength: null }, [0.9]), 0);
  assert.equal(sureness(QUIET, [0.9]), 0);
});

test('what was told is remembered, and grows older', () => {
  const confidence = new Confidence();
  const sure = confidence.next(seen('shift', 1.5, 4), 0.3);
  confidence.next({ ...QUIET, shiftStrength: null, spikeStrength: null }, null); // a run without the metric
  confidence.next(QUIET, 0.1);
  const told = { kind: 'shift', direction: 'above', confidence: sure, ago: 2, beganAgo: 5 };
  assert.deepEqual(confidence.told, told);
});

test('restored, it goes on as the one that was saved', () => {
  const votes = [0.5, 0.2, 0.9, 0, 1 - Number.EPSILON];
  for (const told of [QUIET, seen('spike', 2)]) {
    const [saved, restored] = [new Confidence(), new Confidence()];
    for (const vote of votes) saved.next(QUIET, vote);
    saved.next(told, 0.4);
    restored.restore(saved.save().map(list => Float64Array.from(list)));
    assert.equal(restored.next(seen('shift', 1.2, 4), 0.1), saved.next(seen('shift', 1.2, 4), 0.1));
    assert.deepEqual(restored.save(), saved.save());
  }
});
