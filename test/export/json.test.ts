import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { fc } from '../helpers/properties.ts';
import { aRun } from '../store/fixtures.ts';
import { RUN, rendered, sourceOf } from './source.ts';

failOnLeaks();

test('a list of runs, each on a line of its own', async () => {
  const runs = [aRun({ id: 'A' }), aRun({ id: 'B' }), aRun({ id: 'C' })];
  const text = String(await rendered('json', sourceOf(runs)));
  assert.deepEqual(JSON.parse(text), runs);
  const lines = runs.map(run => JSON.stringify(run));
  assert.equal(text, `[\n${lines.join(',\n')}\n]\n`);
});

test('no runs are an empty list, and no lines', async () => {
  assert.equal(String(await rendered('json', sourceOf([]))), '[]\n');
  assert.equal(String(await rendered('jsonl', sourceOf([]))), '');
});

test('JSON and its lines say all of every run, whatever the pages', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(RUN, { maxLength: 7 }), fc.integer({ min: 1, max: 4 }), async (runs, size) => {
      const expected = JSON.parse(JSON.stringify(runs)); // -0 is 0 in JSON
      assert.deepEqual(JSON.parse(String(await rendered('json', sourceOf(runs, size)))), expected);
      const lines = String(await rendered('jsonl', sourceOf(runs, size))).split('\n');
      assert.equal(lines.pop(), '');
      assert.deepEqual(
        lines.map(line => JSON.parse(line)),
        expected,
      );
    }),
    { numRuns: 100 },
  );
});
