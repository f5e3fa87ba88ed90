import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { type Caller, nextSteps } from '../../src/cli/next-steps.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

const GIT = 'git init && git add --all && git commit -m "My pipeline"';
const INSTALLED = '/usr/bin/watchkeeper';
const CHECKOUT = '/opt/watchkeeper/supervisor.ts';
const NPX = { npm_command: 'exec' };

/** All steps but the remarks. */
function steps(target: string, { env = {}, ...caller }: Omit<Caller, 'env'> & Partial<Caller>): string[] {
  return nextSteps(target, { env, ...caller }).filter(step => !step.startsWith('# '));
}

test('the next steps are called as this program was called, and work where they are typed', t => {
  const folder = temporaryFolder(t);
  const target = `${folder}/pipeline`;
  assert.deepEqual(steps(target, { script: INSTALLED, folder }), ['cd pipeline', GIT, 'watchkeeper run']);
  assert.deepEqual(steps(target, { script: CHECKOUT, folder }), ['cd pipeline', GIT, `node ${CHECKOUT} run`]);
  assert.deepEqual(steps(target, { script: INSTALLED, folder, env: NPX }), [
    `(cd pipeline && ${GIT})`,
    'npx watchkeeper run --root pipeline',
  ]);
});

test('in the folder itself there is nowhere to go', t => {
  const folder = temporaryFolder(t);
  assert.deepEqual(steps(folder, { script: INSTALLED, folder }), [GIT, 'watchkeeper run']);
  assert.deepEqual(steps(folder, { script: `${folder}/supervisor.ts`, folder }), [
    GIT,
    'node supervisor.ts run',
  ]);
  assert.deepEqual(steps(folder, { script: INSTALLED, folder, env: NPX }), [GIT, 'npx watchkeeper run']);
});

test('inside of a repository nobody is told to make one', t => {
  const folder = temporaryFolder(t);
  mkdirSync(`${folder}/.git`);
  for (const target of [folder, `${folder}/deep/er`])
    assert.deepEqual(steps(target, { script: INSTALLED, folder: target }), ['watchkeeper run']);
});

test('a folder is one word for the shell, whatever it is called', t => {
  const folder = temporaryFolder(t);
  const first = (name: string) => steps(`${folder}/${name}`, { script: INSTALLED, folder })[0];
  assert.equal(first('my pipeline'), "cd 'my pipeline'");
  assert.equal(first("it's $HOME"), "cd 'it'\\''s $HOME'");
  assert.equal(first('-rf'), 'cd ./-rf');
  assert.equal(steps(`${folder}/a b`, { script: CHECKOUT, folder: null })[0], `cd '${folder}/a b'`);
});
