import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { WatchkeeperError } from '../../src/errors.ts';
import { prepareFolders } from '../../src/store/folders.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder, temporaryWorkspace } from '../helpers/workspace.ts';

failOnLeaks();

const isFileError = (error: unknown): boolean => error instanceof WatchkeeperError && error.code === 'file';

test('the folders of a workspace are private, whatever the umask', t => {
  for (const umask of [0o000, 0o077]) {
    const root = temporaryFolder(t);
    const before = process.umask(umask);
    try {
      const { data, logs } = prepareFolders(root);
      for (const folder of [data, logs]) {
        assert.equal(statSync(folder).mode & 0o777, 0o700);
        assert.equal(statSync(join(folder, '.gitignore')).mode & 0o777, 0o600);
      }
    } finally {
      process.umask(before);
    }
  }
});

test('git sees three files of data/, and none of logs/', t => {
  const { root, git } = temporaryWorkspace(t);
  const { data, logs } = prepareFolders(root);
  for (const name of [
    'performance.json',
    'status.json',
    'anomalies.log',
    'watchkeeper.db',
    'status.json.damaged-1',
  ])
    writeFileSync(join(data, name), '');
  writeFileSync(join(logs, 'collector.log'), '');
  const seen = git('status', '--porcelain', '--untracked-files=all').trim().split('\n');
  assert.deepEqual(seen.map(line => line.slice(3)).sort(), [
    'data/anomalies.log',
    'data/performance.json',
    'data/status.json',
  ]);
});

test('what is there already stays as it is', t => {
  const root = temporaryFolder(t);
  mkdirSync(join(root, 'data'));
  chmodSync(join(root, 'data'), 0o755);
  writeFileSync(join(root, 'data', '.gitignore'), 'mine\n');
  prepareFolders(root);
  prepareFolders(root);
  assert.equal(statSync(join(root, 'data')).mode & 0o777, 0o755);
  assert.equal(readFileSync(join(root, 'data', '.gitignore'), 'utf8'), 'mine\n');
});

test('data/ that leads out of the workspace is refused, and nothing is written there', t => {
  const root = temporaryFolder(t);
  const outside = temporaryFolder(t);
  symlinkSync(outside, join(root, 'data'));
  assert.throws(() => prepareFolders(root), isFileError);
  assert.throws(() => prepareFolders(root), /replace it by a folder/);
  assert.deepEqual(readdirSync(outside), []);
});

test('data/ that is a link to another folder of the workspace is refused too: git commits nothing behind a link', t => {
  const root = temporaryFolder(t);
  mkdirSync(join(root, 'state'));
  symlinkSync('state', join(root, 'data'));
  assert.throws(() => prepareFolders(root), isFileError);
  assert.throws(
    () => prepareFolders(root),
    /data is a link to another folder.*git commits nothing.*replace it by a folder/,
  );
  assert.deepEqual(readdirSync(join(root, 'state')), []);
});

test('logs/ may lie on another disk, and is not marked there', t => {
  const root = temporaryFolder(t);
  const outside = temporaryFolder(t);
  symlinkSync(outside, join(root, 'logs'));
  prepareFolders(root);
  assert.deepEqual(readdirSync(outside), []);
});

test('a file in the place of a folder, and a link to nothing, are errors that say what to do', t => {
  for (const name of ['data', 'logs']) {
    const root = temporaryFolder(t);
    writeFileSync(join(root, name), '');
    assert.throws(() => prepareFolders(root), isFileError);
    const other = temporaryFolder(t);
    symlinkSync(join(other, 'nothing'), join(other, name));
    assert.throws(() => prepareFolders(other), isFileError);
  }
  assert.throws(() => prepareFolders(join(temporaryFolder(t), 'none')), isFileError);
});
