import assert from 'node:assert/strict';
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { withinTime } from '../../src/git/call.ts';
import { noteHeld, releaseHeld } from '../../src/git/held-branch.ts';
import { isBlock, type Location, locate } from '../../src/git/place.ts';
import { makePrivateFolder, privateFolder } from '../../src/git/private-folder.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';

failOnLeaks();

const TO = 'd34b2048dfd49ec2f8108923a0095a0049faa104';
const OTHER = 'e34b2048dfd49ec2f8108923a0095a0049faa104';

interface Located {
  workspace: Workspace;
  place: Location;
}

async function located(t: TestContext): Promise<Located> {
  const workspace = temporaryWorkspace(t);
  const place = await withinTime(60_000, workspace.root, git => locate(git(null)));
  if (isBlock(place)) throw new Error(place.reason);
  return { workspace, place };
}

/** The locks as a git process leaves them that was killed; gives those that are still there after the release. */
async function left(t: TestContext, locks: Record<string, string>, noted = true): Promise<string[]> {
  const at = await located(t);
  if (noted) noteHeld(at.place, { ref: 'refs/heads/main', to: TO });
  return afterRelease(at, locks);
}

/** The same beside a note with this text. */
async function leftBeside(t: TestContext, locks: Record<string, string>, note: string): Promise<string[]> {
  const at = await located(t);
  writeFileSync(join(makePrivateFolder(at.place), 'held-branch'), note);
  return afterRelease(at, locks);
}

function afterRelease({ workspace, place }: Located, locks: Record<string, string>): string[] {
  for (const [name, text] of Object.entries(locks)) writeFileSync(workspace.path('.git', name), text);
  releaseHeld(place);
  assert.equal(existsSync(join(privateFolder(place), 'held-branch')), false);
  return Object.keys(locks).filter(name => existsSync(workspace.path('.git', name)));
}

test('the locks of a killed git process that held the branch for us are removed', async t => {
  assert.deepEqual(await left(t, { 'refs/heads/main.lock': `${TO}\n`, 'HEAD.lock': '' }), []);
});

test('the lock of the branch is also removed where git was killed before it wrote into it; an older one is not ours', async t => {
  assert.deepEqual(await left(t, { 'refs/heads/main.lock': '' }), []);
  const { workspace, place } = await located(t);
  const lock = workspace.path('.git/refs/heads/main.lock');
  writeFileSync(lock, '');
  utimesSync(lock, 1, 1);
  noteHeld(place, { ref: 'refs/heads/main', to: TO });
  releaseHeld(place);
  assert.equal(existsSync(lock), true);
});

test('the same locks stay where nothing is noted: nobody knows whose they are', async t => {
  const locks = { 'refs/heads/main.lock': `${TO}\n`, 'HEAD.lock': '' };
  assert.deepEqual(await left(t, locks, false), Object.keys(locks));
});

test("somebody else's locks stay, whatever is noted", async t => {
  const locks = { 'refs/heads/main.lock': `${OTHER}\n`, 'HEAD.lock': '' };
  assert.deepEqual(await left(t, locks), Object.keys(locks));
  const checkout = { 'HEAD.lock': 'ref: refs/heads/other\n' };
  assert.deepEqual(await left(t, checkout), Object.keys(checkout));
  assert.deepEqual(await left(t, { 'HEAD.lock': '' }), ['HEAD.lock']);
});

test('a note that is damaged, or that leads elsewhere, tells of no lock: all stay, and it is removed', async t => {
  const locks = { 'refs/heads/main.lock': `${TO}\n`, 'HEAD.lock': '' };
  const good = JSON.stringify({ ref: 'refs/heads/main', to: TO });
  assert.deepEqual(await leftBeside(t, locks, good), []);
  const damaged = [
    '',
    good.slice(0, -1),
    'null',
    '[]',
    JSON.stringify({ ref: 'refs/heads/main' }),
    JSON.stringify({ ref: 'refs/heads/main', to: 7 }),
    JSON.stringify({ ref: 'refs/heads/main', to: TO.slice(1) }),
    JSON.stringify({ ref: 'refs/heads/../heads/main', to: TO }),
    JSON.stringify({ ref: 'refs/heads/\n/../../heads/main', to: TO }),
    JSON.stringify({ ref: 'refs/tags/../heads/main', to: TO }),
  ];
  for (const text of damaged) assert.deepEqual(await leftBeside(t, locks, text), Object.keys(locks), text);
});

test('killed after the branch has moved, git leaves the lock of HEAD alone: it is removed', async t => {
  const { workspace, place } = await located(t);
  const to = workspace.git('commit-tree', '-m', 'ours', '-p', 'HEAD', 'HEAD^{tree}').trim();
  noteHeld(place, { ref: 'refs/heads/main', to });
  writeFileSync(workspace.path('.git/HEAD.lock'), '');
  workspace.git('rev-parse', 'HEAD'); // some time passes
  writeFileSync(workspace.path('.git/refs/heads/main'), `${to}\n`);
  releaseHeld(place);
  assert.equal(existsSync(workspace.path('.git/HEAD.lock')), false);
  workspace.git('commit', '--quiet', '--allow-empty', '--message=the user goes on');
});
