import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { WatchkeeperError } from '../src/errors.ts';
import { Upkeep } from '../src/upkeep.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { record } from './questions/histories.ts';
import { aStore, clock, START_MS } from './store/fixtures.ts';

failOnLeaks();

const SETTINGS = { keepMs: 400 * 86_400_000, samplesMs: 3_600_000, historyRuns: 100 };

type Keep = Parameters<ConstructorParameters<typeof Upkeep>[0]['store']['keepHouse']>;

/** Housekeeping whose time is turned by hand, and what it asked of the store. */
function played(t: TestContext, keep: () => boolean) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const [asked, warnings]: [Keep[], string[]] = [[], []];
  const upkeep = new Upkeep({
    ...{ clock, settings: () => SETTINGS, warn: message => void warnings.push(message) },
    store: {
      keepHouse: (...args) => {
        asked.push(args);
        return keep();
      },
    },
  });
  return { upkeep, asked, warnings, pass: (ms: number) => t.mock.timers.tick(ms) };
}

test('slice follows slice while there is more to do, then once a minute', t => {
  let left = 3;
  const { upkeep, asked, pass } = played(t, () => {
    left -= 1;
    return left > 0;
  });
  upkeep.start();
  assert.equal(asked.length, 0, 'the loop starts first');
  pass(49);
  assert.equal(asked.length, 0);
  pass(1);
  assert.equal(asked.length, 1);
  for (let slice = 2; slice <= 3; slice += 1) {
    pass(50);
    assert.equal(asked.length, slice);
  }
  pass(59_999);
  assert.equal(asked.length, 3);
  pass(1);
  assert.equal(asked.length, 4);
  assert.deepEqual(asked[0], [
    { keepMs: SETTINGS.keepMs, samplesMs: SETTINGS.samplesMs, leastRuns: 100 },
    START_MS,
  ]);
  upkeep.stop();
});

test('at the end there is one slice more, and none after it', t => {
  const { upkeep, asked, pass } = played(t, () => true);
  upkeep.start();
  upkeep.stop();
  assert.equal(asked.length, 1);
  pass(600_000);
  assert.equal(asked.length, 1);
});

test('what fails is told once until it works again', t => {
  let error: Error | null = new Error('the disk is full');
  const { upkeep, warnings, pass } = played(t, () => {
    if (error !== null) throw error;
    return false;
  });
  upkeep.start();
  pass(50);
  pass(60_000);
  assert.deepEqual(warnings, ['the roll-ups could not be written, and are tried again: the disk is full']);
  error = null;
  pass(60_000);
  error = new Error('again');
  pass(60_000);
  assert.equal(warnings.length, 2);
  error = null;
  upkeep.stop();
});

test("a workspace that is somebody else's by now is no news here", t => {
  const { upkeep, warnings, pass } = played(t, () => {
    throw new WatchkeeperError('fenced', 'another supervisor has taken this workspace over');
  });
  upkeep.start();
  pass(50);
  upkeep.stop();
  assert.deepEqual(warnings, []);
});

test('what a short life has recorded is in the roll-ups when it ends', t => {
  const { store } = aStore(t);
  record(store, 'collector', [{}, {}]);
  new Upkeep({ store, clock, settings: () => SETTINGS, warn: assert.fail }).stop();
  assert.deepEqual((store.fact('rolledUp') as { run: number }).run, 2);
});
