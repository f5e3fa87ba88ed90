import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FORMATS } from '../../src/export/formats.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { aRun } from '../store/fixtures.ts';
import { sourceOf } from './source.ts';

failOnLeaks();

const OF_RUNS = FORMATS.filter(({ isOfNow }) => !isOfNow);
const PAGE = 1_000;
/** A row group of Parquet. */
const MOST_HELD = 10 * PAGE;

test('every format has a name and endings of its own', () => {
  const names = FORMATS.map(({ name }) => name);
  const endings = FORMATS.flatMap(each => [...each.endings]);
  assert.equal(new Set(names).size, names.length);
  assert.equal(new Set(endings).size, endings.length);
});

for (const { name, load } of OF_RUNS) {
  test(`${name} reads on only when what it has was taken`, async () => {
    const render = await load();
    const runs = Array.from({ length: 2 * MOST_HELD + PAGE }, () => aRun());
    const source = sourceOf(runs, PAGE);
    let pages = 0;
    for (const piece of render(source)) {
      assert.ok(piece.length > 0);
      assert.ok((source.asked() - pages) * PAGE <= MOST_HELD, `${source.asked()} pages after ${pages}`);
      pages = source.asked();
    }
    assert.equal(pages, runs.length / PAGE);
  });
}
