import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openToShow } from '../src/reading.ts';
import { openStore } from '../src/store/open.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { temporaryFolder } from './helpers/workspace.ts';
import { anOwner, aRun, clock, reopen, show } from './store/fixtures.ts';

failOnLeaks();

test('where neither the store nor the files can show anything, nothing is left open', async t => {
  const root = temporaryFolder(t);
  const data = join(root, 'data');
  openStore(data, { clock }).store.close(); // as a start leaves it that was killed before it took the history over
  writeFileSync(join(data, 'performance.json'), '{"version":1,');
  await assert.rejects(openToShow(root), { code: 'file' });
});

test('a store without a history is shown by the files beside it, until it has taken theirs over', async t => {
  const [root, other] = [temporaryFolder(t), temporaryFolder(t)];
  const first = reopen(join(root, 'data'));
  first.claim(anOwner());
  first.recordRun(aRun({ module: 'a' }), null);
  show(first, join(root, 'data'));
  openStore(join(other, 'data'), { clock }).store.close();
  show(first, join(other, 'data'));
  const shown = await openToShow(other);
  assert.deepEqual(shown.moduleNames(), ['a']);
  shown.close();
});
