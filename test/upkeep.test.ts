import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { WatchkeeperError } from '../src/errors.ts';
import { Upkeep } from '../src/upkeep.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { record } from './questions/histories.ts';
import { aStore, clock, START_MS } from './store/fixtures.ts';

failOnLeaks();

const DAY_MS = 86_400_000;
const SETTINGS = { keepMs: 400 * DAY_MS, samplesMs: 3_600_000, historyRuns: 100 };

type Answer = boolean | WatchkeeperError;

/** An upkeep whose slices say in turn what they are told to: that there is more, that there is not, or an error. */
function anUpkeep(t: TestContext, answers: Answer[], afterThem: Answer = false) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const [asked, warnings, notices]: [unknown[], string[], string[]] = [[], [], []];
  const upkeep = new Upkeep({
    store: {
      keepHouse(...args) {
        asked.push(args);
        const answer = answers.shift() ?? afterThem;
        if (answer instanceof WatchkeeperError) throw answer;
        return answer;
      },
      notices: () => notices.splice(0),
    },
    ...{ clock, settings: () => SETTINGS, warn: message => void warnings.push(message) },
  });
  return { upkeep, asked, warnings, notices, pass: (ms: number) => t.mock.timers.tick(ms) };
}

test('slices follow one another while there is more, then one comes each minute, and one at the end', t => {
  const { upkeep, asked, pass } = anUpkeep(t, [true, true, false]);
  upkeep.start();
  pass(49);
  assert.equal(asked.length, 0, 'not at once: a start has other things to do');
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
  upkeep.stop();
  assert.equal(asked.length, 5);
  pass(600_000);
  assert.equal(asked.length, 5, 'nothing comes after the end');
  const { keepMs, samplesMs, historyRuns: leastRuns } = SETTINGS;
  assert.deepEqual(asked[0], [{ keepMs, samplesMs, leastRuns }, START_MS]);
});

test('the end goes on while there is more, but not for ever', t => {
  const { upkeep, asked } = anUpkeep(t, [], true);
  upkeep.stop();
  assert.equal(asked.length, 10);
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

test('what the store has to tell is told with a slice', t => {
  const { upkeep, warnings, notices, pass } = anUpkeep(t, []);
  upkeep.start();
  pass(50);
  assert.deepEqual(warnings, []);
  notices.push('feed.queue has 1000 series');
  upkeep.stop();
  assert.deepEqual(warnings, ['feed.queue has 1000 series']);
});

test('that the workspace is somebody else’s by now is told by whoever has to end for it', t => {
  const { upkeep, asked, warnings } = anUpkeep(t, [new WatchkeeperError('fenced', 'taken over')]);
  upkeep.stop();
  assert.deepEqual([asked.length, warnings], [1, []]);
});

test('what a short life has recorded is in the roll-ups when it ends, also where it is more than a slice', t => {
  const { store } = aStore(t);
  record(store, 'collector', [{}, {}]);
  const value = (timeMs: number) => ({ timeMs, source: 'feed', metric: 'queue', labels: {}, value: 1 });
  store.addSamples(Array.from({ length: 1_000 }, (_, index) => value(START_MS + index)));
  new Upkeep({ store, clock, settings: () => SETTINGS, warn: assert.fail }).stop();
  assert.deepEqual(store.fact('rolledUp'), { run: 2, sample: 1_000 });
});
