import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadSettings } from '../../src/config/load.ts';
import { freePort } from '../helpers/free-port.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { command } from '../helpers/supervisor.ts';
import { temporaryFolder, type Workspace, workspaceAt } from '../helpers/workspace.ts';
import { call } from './called.ts';

failOnLeaks();

const read = (workspace: Workspace, file: string): string => readFileSync(workspace.path(file), 'utf8');

test('init writes a commented configuration without a problem, and all that it names', async t => {
  const workspace = workspaceAt(`${temporaryFolder(t)}/new/pipeline`);
  const { code, stdout, stderr } = await call('init', workspace.root);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /wrote watchkeeper\.yaml/);
  const loaded = await loadSettings(workspace.root);
  assert.deepEqual([loaded.ok, loaded.ok && loaded.warnings], [true, []]);
  const comments = read(workspace, 'watchkeeper.yaml')
    .split('\n')
    .filter(line => line.includes('#'));
  assert.ok(comments.length > 10, `${comments.length} lines with a comment`);
  for (const name of ['collector', 'signal-generator', 'backtester', 'market-feed'])
    assert.ok(existsSync(workspace.path('modules', `${name}.ts`)), name);
  assert.match(read(workspace, '.gitignore'), /^node_modules\/$/m);
});

test('init never overwrites: what is there stays, and is named', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  const mine = ['watchkeeper.yaml', 'modules/collector.ts', 'package.json', '.gitignore'];
  for (const file of mine) workspace.write(file, `my ${file}`);
  const first = await call('init', '--root', workspace.root, '--json');
  assert.equal(first.code, 0);
  const { root, written, kept } = JSON.parse(first.stdout);
  assert.equal(root, workspace.root);
  assert.deepEqual(kept.toSorted(), mine.toSorted());
  assert.ok(written.includes('modules/backtester.ts'));
  for (const file of mine) assert.equal(read(workspace, file), `my ${file}`);
  const second = await call('init', '--root', workspace.root, '--json');
  assert.deepEqual([second.code, JSON.parse(second.stdout).written], [0, []]);
});

test('init says what to type next, from the program that was called', async t => {
  const folder = temporaryFolder(t);
  const { stdout } = await command(t, folder, ['init', 'my pipeline']);
  const [, next = ''] = stdout.split('Next:\n');
  assert.match(
    next,
    /^ {2}cd '?\S*my pipeline'\n {2}# the log is kept in git\n {2}git init && .*\n {2}node \S*\/watchkeeper\.mjs run\n {2}# Watchkeeper /,
  );
});

test('init where nothing can be written is told, exit code 4', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  workspace.write('file', '');
  const { code, stderr } = await call('init', workspace.path('file/below'));
  assert.equal(code, 4);
  assert.match(stderr, /could not be written/);
});

test('what init has written runs as it is, without an install', async t => {
  const workspace = workspaceAt(`${temporaryFolder(t)}/my pipeline`);
  assert.equal((await call('init', workspace.root)).code, 0);
  const port = await freePort();
  const yaml = read(workspace, 'watchkeeper.yaml').replaceAll('4010', String(port));
  workspace.write('watchkeeper.yaml', yaml);
  const { code, stdout, stderr } = await command(t, workspace.root, ['once']);
  assert.equal(code, 0, stdout + stderr);
  for (const name of ['collector', 'signal-generator', 'backtester'])
    assert.match(stdout, new RegExp(`${name} +ok `));
  assert.match(stdout, /iteration 1: Performance OK/);
});
