import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeldSeries, type Kept } from '../../src/intake/held.ts';
import { parseLine } from '../../src/intake/line.ts';

const NOW = 1_000;
const NOBODY = { modules: new Set<string>(), services: new Set<string>(), sampled: new Set<string>() };
const LIMITS = { series: 10, members: 10, idleFlushes: 2 };

/** What becomes of each line of StatsD text or JSON. */
function add(held: HeldSeries, ...lines: string[]): Kept[] {
  return lines.flatMap(line => {
    const reports = parseLine(Buffer.from(line), NOBODY, NOW);
    assert.ok(!('problem' in reports), line);
    return reports.map(report => held.add(report, NOW));
  });
}

/** By metric. */
const flushed = (held: HeldSeries): Record<string, number> =>
  Object.fromEntries(held.flush(NOW).map(({ metric, value }) => [metric, value]));

test('a value is given on at once, with its own time or the time of its arrival', () => {
  const held = new HeldSeries(LIMITS);
  const name = { source: 'custom', metric: 'a', labels: {} };
  assert.deepEqual(add(held, '{"metric":"a","value":7}', '{"metric":"a","value":8,"time":900}'), [
    { timeMs: NOW, ...name, value: 7 },
    { timeMs: 900, ...name, value: 8 },
  ]);
  assert.deepEqual(held.flush(NOW), []);
});

test('a counter is what was counted since the last flush, by the sampling rate', () => {
  const held = new HeldSeries(LIMITS);
  assert.deepEqual(add(held, 'a:1|c', 'a:2|c', 'a:1|c|@0.1'), ['held', 'held', 'held']);
  assert.deepEqual(held.flush(NOW), [{ timeMs: NOW, source: 'custom', metric: 'a', labels: {}, value: 13 }]);
  add(held, 'a:5|c');
  assert.deepEqual(flushed(held), { a: 5 });
});

test('a gauge keeps its value for changes, and is given on only when it was reported', () => {
  const held = new HeldSeries(LIMITS);
  add(held, 'a:10|g', 'a:+4|g', 'a:-1|g', 'b:-3|g');
  assert.deepEqual(flushed(held), { a: 13, b: -3 });
  assert.deepEqual(flushed(held), {});
  add(held, 'a:+1|g');
  assert.deepEqual(flushed(held), { a: 14 });
});

test('a timer gives count, mean, p95 and max, a set its size', () => {
  const held = new HeldSeries(LIMITS);
  add(held, 'a:4:1:3:2|ms', 'a:10|ms|@0.5', 's:x|s', 's:y|s', 's:x|s');
  const { 'a.p95': p95, ...others } = flushed(held);
  assert.deepEqual(others, { 'a.count': 6, 'a.mean': 5, 'a.max': 10, s: 2 });
  assert.ok(Math.abs((p95 ?? 0) - 8.8) < 1e-9, 'R type 7 of 1, 2, 3, 4, 10: 4 + 0.8 x 6');
  add(held, 's:x|s');
  assert.deepEqual(flushed(held), { s: 1 });
});

test('labels in another order are the same series, other labels another one', () => {
  const held = new HeldSeries(LIMITS);
  add(held, 'a:1|c|#x:1,y:2', 'a:1|c|#y:2,x:1', 'a:1|c|#x:1', 'a:1|c|#source:b');
  assert.deepEqual(
    held.flush(NOW).map(({ source, labels, value }) => [source, labels, value]),
    [
      ['custom', { x: '1', y: '2' }, 2],
      ['custom', { x: '1' }, 1],
      ['b', {}, 1],
    ],
  );
});

test('a series keeps its kind', () => {
  const held = new HeldSeries(LIMITS);
  assert.deepEqual(add(held, 'a:1|c', 'a:1|g', '{"metric":"a","value":1}'), [
    'held',
    { problem: 'it is a counter already, and stays one' },
    { problem: 'it is a counter already, and stays one' },
  ]);
  assert.deepEqual(flushed(held), { a: 1 });
});

test('there are only so many series; one that is silent for long makes room, and its gauge begins anew', () => {
  const held = new HeldSeries({ ...LIMITS, series: 2 });
  assert.deepEqual(add(held, 'a:5|g', 'b:1|c', 'c:1|c', 'b:1|c'), [
    'held',
    'held',
    'too many series',
    'held',
  ]);
  held.flush(NOW);
  add(held, 'b:1|c');
  held.flush(NOW);
  add(held, 'b:1|c');
  held.flush(NOW);
  assert.deepEqual(add(held, 'c:1|c', 'a:+1|g'), ['held', 'too many series']);
});

test('all sets together have only so many members', () => {
  const held = new HeldSeries({ ...LIMITS, members: 2 });
  const refused = { problem: 'all sets together have more than 2 members' };
  assert.deepEqual(add(held, 'a:1|s', 'b:1|s', 'b:2|s', 'b:1|s'), ['held', 'held', refused, 'held']);
  assert.deepEqual(flushed(held), { a: 1, b: 1 });
  assert.deepEqual(add(held, 'b:2|s'), ['held']);
});

test('a sum beyond all numbers is refused, and figures beyond them are left out', () => {
  const held = new HeldSeries(LIMITS);
  add(held, 'a:1e308|c', 'g:1e308|g');
  const refused = { problem: 'its sum is larger than any number' };
  assert.deepEqual(add(held, 'a:1e308|c', 'g:+1e308|g'), [refused, refused]);
  add(held, 't:1e308:1e308|ms');
  assert.deepEqual(flushed(held), { a: 1e308, g: 1e308, 't.count': 2, 't.p95': 1e308, 't.max': 1e308 });
});

test('of very many values the figures are still right, and the p95 nearly', () => {
  const held = new HeldSeries(LIMITS);
  for (let first = 1; first <= 100_000; first += 1_000)
    add(held, `a:${Array.from({ length: 1_000 }, (_, index) => first + index).join(':')}|ms`);
  const figures = flushed(held);
  assert.deepEqual([figures['a.count'], figures['a.mean'], figures['a.max']], [100_000, 50_000.5, 100_000]);
  assert.ok(Math.abs((figures['a.p95'] ?? 0) - 95_000) < 500);
});
