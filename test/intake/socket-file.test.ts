import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { WatchkeeperError } from '../../src/errors.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { anIntake, send } from './support.ts';

failOnLeaks();

const LINUX = { skip: process.platform !== 'linux' };

test('the socket is for its user alone whatever the umask, and gone at the end', async t => {
  for (const mask of [0o000, 0o777]) {
    const path = join(temporaryFolder(t), 'metrics.sock');
    const before = process.umask(mask);
    const { intake } = await anIntake(t, { path }).finally(() => process.umask(before));
    assert.equal(lstatSync(path).mode & 0o777, 0o600);
    await intake.stop();
    assert.deepEqual(readdirSync(join(path, '..')), []);
  }
});

test('the socket of a supervisor that was killed is replaced without a word', async t => {
  const path = join(temporaryFolder(t), 'metrics.sock');
  const listen = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  assert.throws(() => execFileSync(process.execPath, ['-e', listen, path], { stdio: 'ignore' }));
  assert.ok(lstatSync(path).isSocket());
  const { warnings, taken } = await anIntake(t, { path });
  await send(path, 'a:1|g\n');
  await until('it is taken', () => taken().length === 1);
  assert.deepEqual(warnings, []);
});

const PLACES: Record<string, (path: string) => void> = {
  file: path => writeFileSync(path, 'mine'),
  folder: path => {
    mkdirSync(path);
    writeFileSync(join(path, 'inside'), 'mine');
  },
  link: path => symlinkSync('/nowhere/at/all', path),
  FIFO: path => void execFileSync('mkfifo', [path]),
};

test('something else in its place is set aside as it is, and told', async t => {
  for (const [what, put] of Object.entries(PLACES)) {
    const path = join(temporaryFolder(t), 'metrics.sock');
    put(path);
    const { intake, warnings } = await anIntake(t, { path });
    assert.ok(lstatSync(path).isSocket(), what);
    const [aside = ''] = readdirSync(join(path, '..')).filter(name => name !== 'metrics.sock');
    assert.match(aside, /^metrics\.sock\.damaged-/, what);
    assert.match(warnings.join('\n'), new RegExp(`was no socket: set aside as .*${aside}$`), what);
    if (what === 'file') assert.equal(readFileSync(join(path, '..', aside), 'utf8'), 'mine');
    await intake.stop();
  }
});

test('where the path is longer than that of a socket may be, there is one all the same', LINUX, async t => {
  const path = join(temporaryFolder(t), 'a'.repeat(100), 'b'.repeat(100), 'metrics.sock');
  const { intake, warnings } = await anIntake(t, { path });
  assert.deepEqual(warnings, []);
  assert.equal(lstatSync(path).mode & 0o777, 0o600);
  const program =
    'import socket; s = socket.socket(socket.AF_UNIX); s.connect("metrics.sock"); s.sendall(b"a:1|g")';
  execFileSync('python3', ['-c', program], { cwd: join(path, '..') });
  await intake.stop();
  assert.equal(existsSync(path), false);
});

test('a socket that was removed with its folder is made again, and one that was replaced is put aside', async t => {
  const { path, taken, warnings } = await anIntake(t);
  rmSync(join(path, '..'), { recursive: true });
  await until('it is there again', () => existsSync(path));
  await send(path, 'a:1|g\n');
  await until('it is taken', () => taken().length === 1);
  assert.deepEqual(warnings, []);
  rmSync(path);
  writeFileSync(path, 'mine');
  await until('it is a socket again', () => lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true);
  await until('that is told', () => warnings.length === 1);
});

test('the socket of another one that has taken its place is not removed', async t => {
  const { intake, path } = await anIntake(t, { flushMs: 3_600_000 });
  rmSync(path);
  const other = createServer().listen(path);
  await once(other, 'listening');
  await intake.stop();
  assert.ok(lstatSync(path).isSocket());
  other.close();
});

test('where there can be no socket that is told once, and tried again', async t => {
  const path = join(temporaryFolder(t), 'data', 'metrics.sock');
  let asked = 0;
  const prepareFolder = (): void => {
    asked += 1;
    if (asked < 4)
      throw new WatchkeeperError('file', 'data is in the way: it must be a folder; move it away');
    mkdirSync(join(path, '..'), { recursive: true });
  };
  const { warnings } = await anIntake(t, { path, files: { prepareFolder, setAside: () => '' } });
  await until('it is there', () => existsSync(path));
  assert.deepEqual(warnings, [
    `${path} is not there, so that nothing can be reported: data is in the way: it must be a folder; move it away`,
  ]);
});
