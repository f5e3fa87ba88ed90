import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announce, type Block } from '../../src/git/blocked.ts';

const merge: Block = { kind: 'merge', reason: 'a merge is in progress' };
const detached: Block = { kind: 'detached', reason: 'HEAD is detached' };

test('commits that stop are told with a warning, with the reason and what happens meanwhile', () => {
  const { warning, info } = announce(null, merge);
  assert.equal(
    warning,
    'Not committing: a merge is in progress. Runs go on, and what is missed goes into the next commit.',
  );
  assert.equal(info, null);
});

test('as long as they are stopped for the same reason nothing is told', () => {
  assert.deepEqual(announce(merge, { ...merge }), { warning: null, info: null });
});

test('another reason is told', () => {
  assert.match(announce(merge, detached).warning ?? '', /HEAD is detached/);
});

test('commits that go on are told in one line, commits that went on all the time are not', () => {
  assert.deepEqual(announce(merge, null), {
    warning: null,
    info: 'Committing again (it was: a merge is in progress).',
  });
  assert.deepEqual(announce(null, null), { warning: null, info: null });
});
