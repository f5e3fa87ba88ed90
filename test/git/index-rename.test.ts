import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { nameIndex, renameIndex } from '../../src/git/index-rename.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

failOnLeaks();

/** An index, a finished copy of it, and the index's second name. Spaces and dashes in names are nothing special. */
function prepared(t: TestContext) {
  const folder = temporaryFolder(t);
  const pathOf = (name: string): string => join(folder, name);
  const files = {
    copy: pathOf('-a copy'),
    lock: pathOf('index.lock'),
    index: pathOf('index'),
    seen: pathOf('the seen'),
  };
  writeFileSync(files.index, 'old');
  writeFileSync(files.copy, 'new');
  assert.equal(nameIndex(files.index, files.seen), true);
  return { files, pathOf, now: () => readFileSync(files.index, 'utf8') };
}

test('the copy takes the place of the index, and the lock is gone', async t => {
  const { files, now } = prepared(t);
  assert.equal(await renameIndex(files), 'swapped');
  assert.deepEqual([now(), existsSync(files.lock)], ['new', false]);
});

test('an index that somebody holds stays as it is, and so does their lock', async t => {
  const { files, now } = prepared(t);
  writeFileSync(files.lock, 'theirs');
  assert.equal(await renameIndex(files), 'locked');
  assert.deepEqual([now(), readFileSync(files.lock, 'utf8')], ['old', 'theirs']);
});

test('an index that was replaced since stays, and the lock is given up', async t => {
  const { files, pathOf, now } = prepared(t);
  writeFileSync(pathOf('another'), 'the user’s');
  renameSync(pathOf('another'), files.index);
  assert.equal(await renameIndex(files), 'changed');
  assert.deepEqual([now(), existsSync(files.lock)], ['the user’s', false]);
});
