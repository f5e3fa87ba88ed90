import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { linkInto, linkPath } from '../../src/bisecting/links.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

test('a path has to lie below the workspace, and to be there', t => {
  const root = temporaryFolder(t);
  mkdirSync(join(root, 'data/market'), { recursive: true });
  assert.equal(linkPath(root, 'data/market/'), 'data/market');
  assert.equal(linkPath(root, './data/../data'), 'data');
  for (const text of ['', '.', '..', '../x', '/etc', 'data/../..', 'nowhere'])
    assert.throws(() => linkPath(root, text), { code: 'usage' }, text);
});

test('a path is linked, with the folders on its way; what the commit has itself stays', t => {
  const [root, checkout] = [temporaryFolder(t), temporaryFolder(t)];
  mkdirSync(join(root, 'data/market'), { recursive: true });
  assert.equal(linkInto(checkout, root, 'data/market'), null);
  assert.equal(readlinkSync(join(checkout, 'data/market')), join(root, 'data/market'));
  writeFileSync(join(checkout, 'own'), 'own');
  assert.equal(linkInto(checkout, root, 'own'), null);
  assert.equal(readFileSync(join(checkout, 'own'), 'utf8'), 'own');
});

test('a link that the commit has on the way is not followed', t => {
  const [root, checkout, elsewhere] = [temporaryFolder(t), temporaryFolder(t), temporaryFolder(t)];
  symlinkSync(elsewhere, join(checkout, 'data'));
  assert.match(
    linkInto(checkout, root, 'data/market') ?? '',
    /the link 'data\/market': data is no folder there/,
  );
  assert.equal(existsSync(join(elsewhere, 'market')), false);
});
