import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadSettings } from '../../src/config/load.ts';
import { formatProblems } from '../../src/config/problems.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

failOnLeaks();

const GOOD = 'modules:\n  a: {command: x}\n';

async function toldOf(root: string): Promise<string> {
  const result = await loadSettings(root);
  return result.ok
    ? `good: ${result.settings.modules.map(({ name }) => name)}`
    : formatProblems('f', result.problems);
}

test('a workspace without the file, and a folder that is not there, are told how to begin', async t => {
  const root = temporaryFolder(t);
  const file = join(root, 'watchkeeper.yaml');
  assert.equal(
    await toldOf(root),
    `f: there is no ${file}: run \`watchkeeper init\` to make one, or name the workspace by --root`,
  );
  assert.match(await toldOf(join(root, 'nowhere')), /^f: there is no .*run `watchkeeper init`/);
});

test('a good file is read, also behind a link, with a byte order mark or with Windows line ends', async t => {
  const root = temporaryFolder(t);
  const file = join(root, 'watchkeeper.yaml');
  for (const text of [GOOD, `\ufeff${GOOD}`, GOOD.replaceAll('\n', '\r\n')]) {
    writeFileSync(file, text);
    assert.equal(await toldOf(root), 'good: a');
  }
  const other = temporaryFolder(t);
  symlinkSync(file, join(other, 'watchkeeper.yaml'));
  assert.equal(await toldOf(other), 'good: a');
});

test('a folder, a pipe or a device in place of the file is refused at once', async t => {
  const root = temporaryFolder(t);
  const file = join(root, 'watchkeeper.yaml');
  const refused = 'f: is not a file: move it away and run `watchkeeper init`';
  mkdirSync(file);
  assert.equal(await toldOf(root), refused);

  const withPipe = temporaryFolder(t);
  execFileSync('sh', ['-c', 'mkfifo "$0"', join(withPipe, 'watchkeeper.yaml')]);
  assert.equal(await toldOf(withPipe), refused);

  const withDevice = temporaryFolder(t);
  symlinkSync('/dev/zero', join(withDevice, 'watchkeeper.yaml'));
  assert.equal(await toldOf(withDevice), refused);
});

test('a link that leads nowhere or to itself is told', async t => {
  const root = temporaryFolder(t);
  symlinkSync('watchkeeper.yaml', join(root, 'watchkeeper.yaml'));
  assert.match(await toldOf(root), /^f: cannot be read \(ELOOP\)/);
});

test('a file of 100 MB is refused without being read', async t => {
  const root = temporaryFolder(t);
  const file = join(root, 'watchkeeper.yaml');
  writeFileSync(file, GOOD);
  truncateSync(file, 100_000_000);
  const before = process.memoryUsage().arrayBuffers;
  assert.equal(await toldOf(root), 'f: is larger than 1 MB: a configuration is a few kB');
  assert.ok(process.memoryUsage().arrayBuffers - before < 10_000_000);
});

test('a file that may not be read is told with the reason', { skip: process.getuid?.() === 0 }, async t => {
  const root = temporaryFolder(t);
  writeFileSync(join(root, 'watchkeeper.yaml'), GOOD);
  chmodSync(join(root, 'watchkeeper.yaml'), 0);
  assert.match(await toldOf(root), /^f: cannot be read \(EACCES\): check its permissions/);
});

test('a file that is not UTF-8 is told with the line where that begins', async t => {
  const root = temporaryFolder(t);
  const latin1 = Buffer.from(`# fine: é\n${GOOD}# caf`).toString('utf8');
  writeFileSync(
    join(root, 'watchkeeper.yaml'),
    Buffer.concat([Buffer.from(latin1), Buffer.from([0xe9]), Buffer.from(' au lait\n')]),
  );
  assert.equal(await toldOf(root), 'f:4: is not UTF-8 text: save it as UTF-8');
});
