import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { WatchkeeperError } from '../src/errors.ts';
import { Upkeep } from '../src/upkeep.ts';
import { failOnLeaks } from './helpers/leaks.ts';

failOnLeaks();

/** An upkeep whose slices say in turn what they are told to: that there is more, that there is not, or an error. */
function anUpkeep(t: TestContext, answers: (boolean | WatchkeeperError)[]) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const asked: unknown[] = [];
  const warnings: string[] = [];
  const upkeep = new Upkeep({
    store: {
      keepHouse(keeping, nowMs) {
        asked.push({ ...keeping, nowMs });
        const answer = answers.shift() ?? false;
        if (answer instanceof WatchkeeperError) throw answer;
        return answer;
      },
    },
    clock: { now: () => 7, monotonic: () => 0 },
    settings: () => ({ keepMs: 1, samplesMs: 2, historyRuns: 3 }),
    warn: message => void warnings.push(message),
  });
  return { upkeep, asked, warnings, pass: (ms: number) => t.mock.timers.tick(ms) };
}

test('slices follow one another while there is more, then one comes each minute, and a last one at the end', t => {
  const { upkeep, asked, pass } = anUpkeep(t, [true, true, false]);
  upkeep.start();
  assert.equal(asked.length, 0, 'not at once: a start has other things to do');
  for (let slice = 1; slice <= 3; slice += 1) {
    pass(50);
    assert.equal(asked.length, slice);
  }
  pass(59_999);
  assert.equal(asked.length, 3);
  pass(1);
  assert.equal(asked.length, 4);
  upkeep.stop();
  assert.equal(asked.length, 5);
  pass(600_000);
  assert.equal(asked.length, 5, 'nothing comes after the end');
  assert.deepEqual(asked[0], { keepMs: 1, samplesMs: 2, leastRuns: 3, nowMs: 7 });
});

test('what fails is told once until it works again, and tried again each minute', t => {
  const full = new WatchkeeperError('store', 'the disk is full');
  const { upkeep, asked, warnings, pass } = anUpkeep(t, [full, full, false, full]);
  upkeep.start();
  pass(50);
  assert.deepEqual(warnings, ['the roll-ups could not be written, and are tried again: the disk is full']);
  pass(60_000);
  assert.equal(warnings.length, 1);
  for (let minute = 0; minute < 2; minute += 1) pass(60_000);
  assert.deepEqual([asked.length, warnings.length], [4, 2]);
  upkeep.stop();
});

test('that the workspace is somebody else’s by now is told by whoever has to end for it', t => {
  const { upkeep, asked, warnings } = anUpkeep(t, [new WatchkeeperError('fenced', 'taken over')]);
  upkeep.stop();
  assert.deepEqual([asked.length, warnings], [1, []]);
});
