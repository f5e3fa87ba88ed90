import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { failOnLeaks } from './helpers/leaks.ts';
import { temporaryFolder } from './helpers/workspace.ts';

failOnLeaks();

const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;

/** For the superuser no permission is an obstacle: then it is done as somebody else. */
const REMOVE = `const { removeTree } = await import(process.argv[1]);
if (process.geteuid() === 0) { process.setegid(${NOBODY}); process.seteuid(${NOBODY}); }
removeTree(process.argv[2]);`;

/** @returns what was said about it; nothing where it went well */
function removed(path: string): string {
  const module = new URL('../src/remove-tree.ts', import.meta.url).href;
  const args = ['--input-type=module', '--eval', REMOVE, module, path];
  return spawnSync(process.execPath, args, { encoding: 'utf8' }).stderr;
}

test('folders that may not be written in, read or entered are removed, and nothing behind a link', t => {
  const folder = temporaryFolder(t);
  const [tree, kept] = [join(folder, 'tree'), join(folder, 'kept')];
  const folders = [folder, kept, tree, join(tree, 'a'), join(tree, 'a', 'b'), join(tree, 'c')];
  for (const each of folders.slice(1)) mkdirSync(each);
  writeFileSync(join(kept, 'file'), 'stays');
  writeFileSync(join(tree, 'a', 'b', 'file'), '');
  symlinkSync(kept, join(tree, 'c', 'link'));
  if (isRoot) for (const each of folders) chownSync(each, NOBODY, NOBODY);
  chmodSync(join(tree, 'a', 'b'), 0o500);
  chmodSync(join(tree, 'a'), 0);
  chmodSync(join(tree, 'c'), 0o500);
  assert.equal(removed(tree), '');
  assert.deepEqual(readdirSync(folder), ['kept']);
  assert.equal(readFileSync(join(kept, 'file'), 'utf8'), 'stays');
});

test('a link that cannot be removed is an error, and nothing is done to what it leads to', t => {
  const folder = temporaryFolder(t);
  const [kept, closed] = [join(folder, 'kept'), join(folder, 'closed')];
  for (const each of [kept, closed]) mkdirSync(each);
  symlinkSync(kept, join(closed, 'link'));
  if (isRoot) for (const each of [folder, kept, closed]) chownSync(each, NOBODY, NOBODY);
  for (const each of [kept, closed]) chmodSync(each, 0o500);
  const said = removed(join(closed, 'link'));
  chmodSync(closed, 0o700); // so that the test leaves nothing
  assert.match(said, /EACCES/);
  assert.equal(statSync(kept).mode & 0o777, 0o500);
});
