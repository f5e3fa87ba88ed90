import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRevision } from '../../src/git/named-revision.ts';
import { addHistory, ownCommit } from '../helpers/history.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder, temporaryWorkspace } from '../helpers/workspace.ts';
import './support.ts';

failOnLeaks();

test('what git knows a commit by is the revision of runs: that of the user, whatever the supervisor has committed since', async t => {
  const workspace = temporaryWorkspace(t);
  addHistory(workspace, [
    { subject: 'change', files: { x: '1' } },
    ownCommit('Performance OK (iteration 42)'),
    ownCommit('Performance OK (iteration 43)', { 'data/status.json': '{ }' }),
  ]);
  workspace.git('tag', '--no-sign', 'v1.4', 'HEAD~1');
  const change = workspace.git('rev-parse', '--short', 'HEAD~2').trim();
  for (const name of ['v1.4', 'HEAD', 'main', 'HEAD~2', change])
    assert.equal(await namedRevision(workspace.root, name), change, name);
});

test('a name that git does not know, and a folder outside of git, are told', async t => {
  const workspace = temporaryWorkspace(t);
  for (const name of ['v9', '--all', 'HEAD~99'])
    await assert.rejects(namedRevision(workspace.root, name), { code: 'usage', message: /no commit/ });
  await assert.rejects(namedRevision(temporaryFolder(t), 'HEAD'), { code: 'usage', message: /in none/ });
});
