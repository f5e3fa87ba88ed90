import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bisection } from '../../src/bisect/bisection.ts';
import { bisectOnce, type Tried, type World } from './simulate.ts';

const USUAL: World = { commits: 64, change: 0.2, cv: 0.05 };
const SETTINGS = { seed: 1, thresholdPercent: 3, maxRuns: 200, runsPerStep: 1 };

function tries(world: World, count: number, settings = {}): Tried[] {
  return Array.from({ length: count }, (_, index) => bisectOnce(world, index + 1, settings));
}

const share = (all: readonly Tried[], is: (tried: Tried) => boolean): number =>
  all.filter(is).length / all.length;
const meanRuns = (all: readonly Tried[]): number => all.reduce((sum, { runs }) => sum + runs / all.length, 0);
const isWrong = ({ end, found }: Tried): boolean => end.kind === 'found' && !found;

test('+20 % among 64 commits at a noise of 5 % is found in 95 of 100 tries and more, with fewer than 30 runs', () => {
  const all = tries(USUAL, 200);
  const found = share(all, each => each.found);
  assert.ok(found >= 0.95, `${found}`);
  assert.ok(meanRuns(all) < 30, `${meanRuns(all)} runs`);
  assert.ok(share(all, each => each.held) >= 0.88); // the interval of the change holds it in 95 of 100 cases
});

for (const [name, world] of Object.entries<Partial<World>>({
  'a fall by 20 %': { change: -0.2 },
  'a machine that wanders': { wander: 0.02 },
  'a machine that jumps by 20 % now and then': { jump: 0.2 },
  'runs that are wild, one in seven': { wild: 0.15 },
  'noise of 10 %': { cv: 0.1 },
  'a third of the commits broken': { broken: 0.33 },
  'every commit a little different': { uneven: 0.02 },
})) {
  test(`${name}: found, and seldom a wrong one named`, () => {
    const all = tries({ ...USUAL, ...world }, 60);
    assert.ok(share(all, each => each.found) >= 0.95, String(share(all, each => each.found)));
    assert.ok(share(all, isWrong) <= 0.05);
    assert.ok(meanRuns(all) < 70);
  });
}

test('where nothing has changed no commit is named, on a steady machine or on one that is not', () => {
  for (const world of [{}, { wander: 0.02 }, { jump: 0.2 }, { wild: 0.15 }]) {
    const all = tries({ ...USUAL, ...world, change: 0 }, 60);
    assert.ok(share(all, ({ end }) => end.kind === 'alike') >= 0.95);
  }
});

test('less noise takes fewer runs, and a small change many', () => {
  const [quiet, usual, small] = [
    tries({ ...USUAL, cv: 0.01 }, 20),
    tries(USUAL, 20),
    tries({ ...USUAL, change: 0.08 }, 20),
  ].map(meanRuns);
  assert.ok((quiet ?? 0) < (usual ?? 0) && (usual ?? 0) < (small ?? 0), `${quiet} ${usual} ${small}`);
  assert.ok((quiet ?? 99) <= 24);
});

/** Drives a bisection with values that are known beforehand. */
function drive(last: number, valueAt: (place: number, run: number) => number | null, settings = {}) {
  const bisection = new Bisection(last, { ...SETTINGS, ...settings });
  const places: number[] = [];
  for (;;) {
    const step = bisection.next();
    assert.deepEqual(bisection.next(), step); // asked twice it says the same
    if (step.kind === 'end') return { end: step.end, places };
    places.push(step.place);
    bisection.saw(step.place, valueAt(step.place, places.length));
  }
}

test('good and bad come first, in pairs, and by turns in between', () => {
  const { end, places } = drive(64, (place, run) => (place >= 23 ? 2 : 1) + (run % 3) / 100);
  assert.deepEqual([end.kind, end.kind === 'found' && [end.first, end.last]], ['found', [23, 23]]);
  for (let pair = 0; pair < 12; pair += 2) assert.deepEqual(places.slice(pair, pair + 2).sort(), [0, 64]);
  const ends = places
    .slice(12)
    .flatMap((place, index) => (place === 0 || place === 64 ? [[place, index]] : []));
  assert.deepEqual(
    ends.map(([, index]) => index),
    ends.map((_, index) => 3 * index + 2),
  );
  assert.equal(new Set(ends.slice(0, 2).map(([place]) => place)).size, 2);
});

test('without any noise, and with a single commit, it ends at once', () => {
  const { end, places } = drive(1, place => (place === 1 ? 7 : 5));
  assert.deepEqual([end.kind, places.length], ['found', 12]);
  const still = drive(8, () => 5);
  assert.deepEqual(still.end, { kind: 'alike', low: 0, high: 0 });
});

test('values at and below 0 are compared as they are', () => {
  const { end } = drive(8, (place, run) => (place >= 3 ? 4 : -4) + (run % 5) / 10);
  assert.deepEqual(end.kind === 'found' && [end.first, end.last], [3, 3]);
  const fromNothing = drive(8, place => (place >= 3 ? 4 : 0));
  assert.ok(fromNothing.end.kind === 'found' && fromNothing.end.change.percent === null);
});

test('a value at 0 among others above is no reason to fail', () => {
  const { end } = drive(8, (place, run) => (run === 14 ? 0 : (place >= 3 ? 2 : 1) + (run % 5) / 100));
  assert.deepEqual(end.kind === 'found' && [end.first, end.last], [3, 3]);
});

test('a commit that cannot be run is left out after two failures, and the answer is a range where it matters', () => {
  const broken = [9, 10, 11];
  const { end, places } = drive(20, (place, run) =>
    broken.includes(place) ? null : (place >= 11 ? 2 : 1) + (run % 3) / 100,
  );
  assert.deepEqual(end.kind === 'found' && [end.first, end.last], [9, 12]);
  for (const place of broken) assert.ok(places.filter(each => each === place).length <= 2);
});

test('one failed run is tried again, and an end that cannot be run ends it', () => {
  const flaky = drive(8, (place, run) => (run === 3 || run === 15 ? null : place >= 3 ? 2 : 1));
  assert.deepEqual(flaky.end.kind === 'found' && [flaky.end.first, flaky.end.last], [3, 3]);
  assert.deepEqual(drive(8, place => (place === 8 ? null : 1)).end, { kind: 'unusable', place: 8 });
  assert.deepEqual(drive(8, place => (place === 0 ? null : 1)).end, { kind: 'unusable', place: 0 });
});

test('with too few runs it says among which commits the change is', () => {
  const all = tries({ ...USUAL, cv: 0.12 }, 30, { maxRuns: 40 }).filter(
    ({ end }) => end.kind === 'undecided',
  );
  assert.ok(all.length > 5);
  assert.ok(all.every(({ runs }) => runs <= 41));
  const held = all.filter(
    ({ end, culprit }) => end.kind === 'undecided' && end.first <= culprit && culprit <= end.last,
  );
  assert.ok(held.length >= 0.8 * all.length, `${held.length} of ${all.length}`);
});

test('a commit at neither level is told of', () => {
  const level = (place: number): number => (place >= 12 ? 1.4 : place >= 6 ? 1.2 : 1);
  const { end } = drive(16, (place, run) => level(place) * (1 + (((run * 7) % 11) - 5) / 200));
  assert.ok(end.kind === 'found' && [6, 12].includes(end.last), JSON.stringify(end));
  assert.ok(end.between.every(place => place >= 6 && place < 12));
});

test('the same seed asks for the same runs', () => {
  const valueAt = (place: number, run: number): number =>
    (place >= 5 ? 1.3 : 1) * (1 + ((run * 13) % 7) / 60);
  assert.deepEqual(drive(32, valueAt, { seed: 4 }).places, drive(32, valueAt, { seed: 4 }).places);
});

test('so many runs of a commit at a time are made as are asked for', () => {
  const { places } = drive(32, (place, run) => (place >= 5 ? 2 : 1) + (run % 3) / 100, { runsPerStep: 3 });
  const between = places.slice(12).filter(place => place !== 0 && place !== 32);
  for (let index = 0; index < between.length; index += 3)
    assert.equal(new Set(between.slice(index, index + 3)).size, 1);
});
