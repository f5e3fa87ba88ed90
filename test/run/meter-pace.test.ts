import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from '../../src/run/pace.ts';

/** The looks at a tree that was started at 0, as [time, pause until the next]. */
function looks(untilMs: number, lookMs: number, newAt: number[] = []): [number, number][] {
  const pace = new Pace(0);
  const all: [number, number][] = [];
  for (let now = 0, news = [...newAt]; now < untilMs; ) {
    const changed = (news[0] ?? Number.POSITIVE_INFINITY) <= now;
    if (changed) news = news.slice(1);
    const pause = pace.next(now, lookMs, changed);
    all.push([now, pause]);
    now += pause;
  }
  return all;
}

const pausesAt = (all: [number, number][], fromMs: number, toMs: number): number[] =>
  all.filter(([now]) => now >= fromMs && now < toMs).map(([, pause]) => pause);

test('in its first second a tree is looked at every 10 ms while it changes, and every 20 ms in a calm', () => {
  const all = looks(1_000, 0.1, [500]);
  const [changed = 0] = all.find(([now]) => now >= 500) ?? [];
  for (const [fromMs, toMs, pauseMs] of [
    [0, 100, 10],
    [100, changed, 20],
    [changed, changed + 100, 10],
    [changed + 100, 1_000, 20],
  ] as const) {
    assert.deepEqual(new Set(pausesAt(all, fromMs, toMs)), new Set([pauseMs]), `${fromMs} to ${toMs} ms`);
  }
});

test('what is held for 30 ms in the first second is looked at while it is held', () => {
  const all = looks(1_000, 0.1, [300, 700]);
  assert.ok(Math.max(...pausesAt(all, 0, 1_000)) < 30);
});

test('then more rarely, and after hours every second', () => {
  const all = looks(3 * 3_600_000, 0.04);
  assert.ok(Math.max(...pausesAt(all, 1_000, 600_000)) <= 360);
  assert.deepEqual(new Set(pausesAt(all, 6_100_000, 10_000_000)), new Set([1_000]));
});

test('quickly again when something has changed', () => {
  const all = looks(60_000, 0.04, [30_000]);
  const [changed = 0] = all.find(([now]) => now >= 30_000) ?? [];
  assert.deepEqual(new Set(pausesAt(all, changed, changed + 100)), new Set([10]));
  assert.ok(Math.min(...pausesAt(all, changed + 100, 60_000)) >= 20);
});

test('in the long run it never takes more than half a percent of a core', () => {
  for (const lookMs of [0.02, 0.1, 0.5, 3]) {
    const busy = Array.from({ length: 3_000 }, (_, index) => index * 20); // new processes all the time
    const count = pausesAt(looks(60_000, lookMs, busy), 10_000, 60_000).length;
    assert.ok((count * (lookMs + 0.2)) / 50_000 < 0.005, `${lookMs} ms: ${count} looks`);
  }
});

test('looks at several trees fall together', () => {
  const first = new Pace(0);
  const second = new Pace(13);
  const at = (pace: Pace, now: number): number => now + pace.next(now, 0.1, false);
  assert.equal(at(first, 5_003) % 160, 0);
  assert.equal(at(second, 5_017) % 160, 0);
});
