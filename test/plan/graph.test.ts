import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Dependent, inOrder } from '../../src/plan/graph.ts';
import { fc } from '../helpers/properties.ts';

function things(...pairs: [name: string, ...needs: string[]][]): Dependent[] {
  return pairs.map(([name, ...needs]) => ({ name, needs }));
}

function names(list: Dependent[]): string[] {
  return list.map(({ name }) => name);
}

test('what is free keeps its order, what needs something comes after it', () => {
  assert.deepEqual(names(inOrder(things(['c'], ['a'], ['b']))), ['c', 'a', 'b']);
  assert.deepEqual(names(inOrder(things(['c', 'a'], ['b'], ['a']))), ['b', 'a', 'c']);
  assert.deepEqual(names(inOrder(things(['d', 'b', 'c'], ['b', 'a'], ['c', 'a'], ['a']))), [
    'a',
    'b',
    'c',
    'd',
  ]);
});

test('a name that is not among them is no need', () => {
  assert.deepEqual(names(inOrder(things(['a', 'elsewhere'], ['b']))), ['a', 'b']);
});

test('a circle cannot be put in order: who cannot come first is named', () => {
  assert.throws(() => inOrder(things(['a', 'b'], ['b', 'c'], ['x'], ['c', 'x', 'b'])), /circle: a, b, c$/);
  assert.throws(() => inOrder(things(['a', 'a'])), /circle: a$/);
});

const graph = fc.integer({ min: 0, max: 9 }).chain(size =>
  fc
    .array(fc.tuple(fc.nat(Math.max(size - 1, 0)), fc.nat(Math.max(size - 1, 0))), { maxLength: 12 })
    .map(edges =>
      Array.from({ length: size }, (_, index) => ({
        name: `m${index}`,
        needs: edges.filter(([from]) => from === index).map(([, to]) => `m${to}`),
      })),
    ),
);

test('an order is complete, keeps every need, and is the earliest by the given order; only a circle has none', () => {
  fc.assert(
    fc.property(graph, list => {
      if (list.some(({ name }) => reaches(list, name, name))) {
        assert.throws(() => inOrder(list), /circle/);
        return;
      }
      const ordered = inOrder(list);
      assert.deepEqual(names(ordered).toSorted(), names(list).toSorted());
      for (const [place, { name }] of ordered.entries()) {
        const before = names(ordered.slice(0, place));
        const ready = list.filter(
          each => !before.includes(each.name) && each.needs.every(n => before.includes(n)),
        );
        assert.equal(ready[0]?.name, name);
      }
    }),
    { numRuns: 500 },
  );
});

/** Whether one name needs another, over as many others as there are. */
function reaches(list: Dependent[], from: string, to: string): boolean {
  let found = list.find(({ name }) => name === from)?.needs ?? [];
  for (let step = 0; step < list.length; step += 1) {
    const further = list.filter(({ name }) => found.includes(name)).flatMap(({ needs }) => needs);
    found = [...new Set([...found, ...further])];
  }
  return found.includes(to);
}
