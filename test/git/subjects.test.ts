import assert from 'node:assert/strict';
import { test } from 'node:test';
import { subjectsOf } from '../../src/git/subjects.ts';
import { addHistory } from '../helpers/history.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder, temporaryWorkspace } from '../helpers/workspace.ts';
import './support.ts';

failOnLeaks();

test('each revision has the first line of its message where there is one, also where files were changed', async t => {
  const workspace = temporaryWorkspace(t);
  addHistory(workspace, [
    { subject: 'feat: größer\t<b>', files: { x: '1' }, body: 'more of it' },
    { subject: '', files: { x: '2' } },
  ]);
  workspace.git('config', 'i18n.logOutputEncoding', 'ISO-8859-1');
  const [last = '', feature = '', first = ''] = workspace.git('log', '--format=%h').trim().split('\n');
  const found = await subjectsOf(workspace.root, [`${feature}+`, first, feature, last, first]);
  assert.deepEqual(
    [...found].sort(),
    [
      [feature, 'feat: größer\t<b>'],
      [`${feature}+`, 'feat: größer\t<b>'],
      [first, 'first'],
    ].sort(),
  );
});

test('what is gone, is no commit, has the name of a branch or is no revision at all is left out', async t => {
  const workspace = temporaryWorkspace(t);
  const first = workspace.git('rev-parse', '--short', 'HEAD').trim();
  const tree = workspace.git('rev-parse', 'HEAD^{tree}').trim();
  workspace.git('branch', 'deadbeef');
  const asked = ['0123456', tree, 'deadbeef', '--all', 'HEAD', '', `${first}\n${first}`, 'a b', first];
  assert.deepEqual([...(await subjectsOf(workspace.root, asked))], [[first, 'first']]);
});

test('outside a repository, and in a folder that is gone, there are none', async t => {
  const folder = temporaryFolder(t);
  assert.equal((await subjectsOf(folder, ['0123456'])).size, 0);
  assert.equal((await subjectsOf(`${folder}/gone`, ['0123456'])).size, 0);
});
