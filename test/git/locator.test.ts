import assert from 'node:assert/strict';
import { chownSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { withinTime } from '../../src/git/call.ts';
import { Locator } from '../../src/git/locator.ts';
import { isBlock } from '../../src/git/place.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder, temporaryWorkspace, type Workspace, workspaceAt } from '../helpers/workspace.ts';
import './support.ts';

failOnLeaks();

/** The home folder of this test; git finds its settings there. */
function home(t: TestContext): Workspace {
  const folder = workspaceAt(temporaryFolder(t));
  const before = process.env['HOME'];
  process.env['HOME'] = folder.root;
  t.after(() => {
    process.env['HOME'] = before;
  });
  return folder;
}

async function ask(locator: Locator, root: string): Promise<void> {
  const place = await withinTime(20_000, root, git => locator.ask(git(null)));
  assert.ok(!isBlock(place), JSON.stringify(place));
}

/** A locator that has been asked and remembers. */
async function remembering(root: string): Promise<Locator> {
  const locator = new Locator(root, 0);
  await until('it remembers', async () => {
    await ask(locator, root);
    return locator.remembered() !== null;
  });
  return locator;
}

describe('where the repository is, is remembered, but not after', () => {
  const changes: Record<string, (workspace: Workspace, repository: Workspace, home: Workspace) => void> = {
    'a setting of the repository': (_, repository) => repository.git('config', 'filter.x.clean', 'cat'),
    'a setting of the work tree': (_, repository) => repository.write('.git/config.worktree', '[a]\nb = c\n'),
    'a setting of the user, who had none': (_, _repository, home) => home.write('.gitconfig', '[a]\nb = c\n'),
    'a setting in the other place of the user': (_, _repository, home) =>
      home.write('.config/git/config', '[a]\nb = c\n'),
    'a repository of the workspace itself': workspace => workspace.git('init', '--quiet'),
    'a bare repository in its place': workspace => workspace.git('init', '--quiet', '--bare'),
    'another repository': (_, repository) => {
      rmSync(repository.path('.git'), { recursive: true });
      repository.git('init', '--quiet');
    },
    'the end of the repository': (_, repository) =>
      renameSync(repository.path('.git'), repository.path('was')),
    'the end of its objects': (_, repository) => rmSync(repository.path('.git/objects'), { recursive: true }),
  };
  for (const [what, change] of Object.entries(changes)) {
    test(what, async t => {
      const own = home(t);
      const repository = temporaryWorkspace(t, { 'sub/ws/x': '' });
      const workspace = workspaceAt(repository.path('sub/ws'));
      const locator = await remembering(workspace.root);
      assert.equal(locator.remembered()?.prefix, 'sub/ws/');
      repository.write('sub/ws/y', '');
      repository.git('add', '--all');
      repository.git('commit', '--quiet', '--message=what does not matter');
      assert.notEqual(locator.remembered(), null);
      change(workspace, repository, own);
      assert.equal(locator.remembered(), null);
    });
  }

  test('another owner', { skip: process.getuid?.() !== 0 }, async t => {
    const repository = temporaryWorkspace(t);
    const locator = await remembering(repository.root);
    chownSync(repository.path('.git'), 12_345, 12_345);
    assert.equal(locator.remembered(), null);
  });

  test('another folder behind the same link', async t => {
    const [one, two] = [temporaryWorkspace(t), temporaryWorkspace(t)];
    const link = join(temporaryFolder(t), 'link');
    symlinkSync(one.root, link);
    const locator = await remembering(link);
    rmSync(link);
    symlinkSync(two.root, link);
    assert.equal(locator.remembered(), null);
  });

  test('a change of a file that the settings include, now or in this place', async t => {
    const own = home(t);
    const repository = temporaryWorkspace(t);
    own.write('.gitconfig', '[include]\npath = more\n[includeIf "gitdir:~/elsewhere/"]\npath = ~/work\n');
    for (const file of ['more', 'work']) {
      const locator = await remembering(repository.root);
      own.write(file, '[a]\nb = c\n');
      assert.equal(locator.remembered(), null, file);
    }
  });
});

test('nothing is remembered where the settings depend on the branch, or have only just been changed', async t => {
  const own = home(t);
  const repository = temporaryWorkspace(t);
  const fresh = new Locator(repository.root, 60_000);
  await ask(fresh, repository.root);
  assert.equal(fresh.remembered(), null);
  own.write('.gitconfig', '[includeIf "onbranch:main"]\npath = more\n');
  const locator = new Locator(repository.root, -1_000);
  await ask(locator, repository.root);
  assert.equal(locator.remembered(), null);
});

test('a linked work tree and a submodule are remembered, too', async t => {
  const main = temporaryWorkspace(t, { 'code.ts': 'one\n' });
  const linked = join(temporaryFolder(t), 'linked');
  main.git('worktree', 'add', '--quiet', '-b', 'linked', linked);
  const locator = await remembering(linked);
  assert.equal(locator.remembered()?.commonDir, main.path('.git'));
  const parent = temporaryWorkspace(t);
  mkdirSync(parent.path('below'));
  parent.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', main.root, 'below/module');
  const inside = await remembering(parent.path('below/module'));
  assert.equal(inside.remembered()?.gitDir, parent.path('.git/modules/below/module'));
});
