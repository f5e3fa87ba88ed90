import assert from 'node:assert/strict';
import { rmSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { Changes } from '../../src/trigger/changes.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder, workspaceAt } from '../helpers/workspace.ts';

failOnLeaks();

const watched = [
  { module: 'collector', globs: ['data/market/*.json'] },
  { module: 'signals', globs: ['settings/**/*.yaml'] },
];

test('a new, a changed and a removed file each tell of the module that watches it, and of no other', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  workspace.write('data/market/old.json', '1');
  workspace.write('settings/deep/a.yaml', '1');
  const told: string[][] = [];
  const changes = new Changes(workspace.root, modules => told.push(modules) > 0);
  await changes.start(watched);
  try {
    workspace.write('data/market/new.json', '1');
    await until('the new file is seen', () => told.length === 1);
    workspace.write('data/market/new.json', '22');
    await until('the change is seen', () => told.length === 2);
    rmSync(workspace.path('data/market/old.json'));
    await until('the removal is seen', () => told.length === 3);
    workspace.write('settings/deep/a.yaml', '22');
    await until('the other module is told', () => told.length === 4);
    assert.deepEqual(told, [['collector'], ['collector'], ['collector'], ['signals']]);
  } finally {
    await changes.stop();
  }
});

test('a pattern in the workspace itself does not make it watch what lies in the folders below', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  workspace.write('params.json', '1');
  workspace.write('data/busy.json', '1');
  const told: string[][] = [];
  const changes = new Changes(workspace.root, modules => told.push(modules) > 0);
  await changes.start([{ module: 'collector', globs: ['*.json'] }]);
  try {
    workspace.write('data/busy.json', '22');
    workspace.write('params.json', '22');
    await until('the file is seen', () => told.length > 0);
    assert.deepEqual(told, [['collector']]);
  } finally {
    await changes.stop();
  }
});

test('a file beside the pattern tells nobody', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  workspace.write('data/market/a.json', '1');
  const told: string[][] = [];
  const changes = new Changes(workspace.root, modules => told.push(modules) > 0);
  await changes.start(watched);
  try {
    workspace.write('data/market/a.csv', '1');
    workspace.write('data/market/a.json', '22');
    await until('the matching file is seen', () => told.length > 0);
    assert.deepEqual(told, [['collector']]);
  } finally {
    await changes.stop();
  }
});

test('a link that leads to itself is a change like any other, and no reason to stop looking', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  workspace.write('data/market/a.json', '1');
  symlinkSync('before.json', workspace.path('data/market/before.json'));
  const told: string[][] = [];
  const changes = new Changes(workspace.root, modules => told.push(modules) > 0);
  await changes.start(watched);
  try {
    symlinkSync('after.json', workspace.path('data/market/after.json'));
    await until('the link is seen', () => told.length === 1);
    workspace.write('data/market/a.json', '22');
    await until('the file is seen', () => told.length === 2);
    assert.deepEqual(told, [['collector'], ['collector']]);
  } finally {
    await changes.stop();
  }
});

test('a watched folder that is made only later is seen', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  const told: string[][] = [];
  const changes = new Changes(workspace.root, modules => told.push(modules) > 0);
  await changes.start(watched);
  try {
    workspace.write('data/market/a.json', '1');
    await until('the file in the new folder is seen', () => told.length > 0);
    assert.deepEqual(told, [['collector']]);
  } finally {
    await changes.stop();
  }
});

test('a change in the moment in which other settings are taken over is told, too', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  workspace.write('data/market/a.json', '1');
  workspace.write('settings/a.yaml', '1');
  const told: string[][] = [];
  const changes = new Changes(workspace.root, modules => told.push(modules) > 0);
  await changes.start(watched);
  try {
    workspace.write('data/market/a.json', '22');
    workspace.write('settings/a.yaml', '22');
    await changes.stop();
    await changes.start([...watched.slice(0, 1), { module: 'signals', globs: ['settings/*.yaml'] }]);
    await until('the change is seen', () => told.length > 0);
    assert.deepEqual(told, [['collector']]); // of other globs there is nothing to compare with
  } finally {
    await changes.stop();
  }
});

test('a change that nothing could be done about is told again at the next look, until it could', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  workspace.write('data/market/a.json', '1');
  workspace.write('settings/a.yaml', '1');
  const told: string[][] = [];
  const changes = new Changes(workspace.root, modules => told.push(modules) > 1);
  await changes.start(watched);
  try {
    workspace.write('data/market/a.json', '22');
    await until('the change is told', () => told.length === 1);
    workspace.write('settings/a.yaml', '22');
    await until('it is told again, with the next one', () => told.length === 2);
    workspace.write('settings/a.yaml', '333');
    await until('now it is over', () => told.length === 3);
    assert.deepEqual(told, [['collector'], ['collector', 'signals'], ['signals']]);
  } finally {
    await changes.stop();
  }
});
