import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { WatchkeeperError } from '../../src/errors.ts';
import { sweepShared, sweepTemporaries, writeFileAtomic } from '../../src/store/atomic.ts';
import { readRegularFile } from '../../src/store/read-file.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { START_MS } from './fixtures.ts';

failOnLeaks();

test('a file is written whole, privately, and nothing else is left', t => {
  for (const umask of [0o000, 0o077, 0o777]) {
    const folder = temporaryFolder(t);
    const path = join(folder, 'status.json');
    const before = process.umask(umask);
    try {
      writeFileAtomic(path, 'first', START_MS);
      writeFileAtomic(path, ['sec', Buffer.from('ond '), 'tüme'], START_MS);
    } finally {
      process.umask(before);
    }
    assert.equal(readFileSync(path, 'utf8'), 'second tüme');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ['status.json']);
  }
});

test('many pieces become one file, in their order, whatever their sizes', t => {
  const path = join(temporaryFolder(t), 'performance.json');
  const pieces = Array.from({ length: 5_000 }, (_, index) =>
    index % 3 === 0 ? Buffer.alloc(index % 7 === 0 ? 30_000 : 0, `${index},`) : `${index};`,
  );
  writeFileAtomic(path, pieces, START_MS);
  assert.ok(readFileSync(path).equals(Buffer.concat(pieces.map(piece => Buffer.from(piece)))));
});

test('a failure in the middle leaves the old file and no temporary one', t => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'status.json');
  writeFileAtomic(path, 'good', START_MS);
  function* failing(): Iterable<string> {
    yield 'half';
    throw new Error('the source failed');
  }
  assert.throws(() => writeFileAtomic(path, failing(), START_MS), WatchkeeperError);
  assert.equal(readFileSync(path, 'utf8'), 'good');
  assert.deepEqual(readdirSync(folder), ['status.json']);
});

test('a full disk leaves the old file and no temporary one', { skip: !existsSync('/dev/full') }, t => {
  // A limit of the file size stands in for the full disk: the write ends in the middle.
  const folder = temporaryFolder(t);
  const path = join(folder, 'status.json');
  writeFileAtomic(path, 'good', START_MS);
  const script = `
    import { writeFileAtomic } from ${JSON.stringify(join(import.meta.dirname, '../../src/store/atomic.ts'))};
    process.on('SIGXFSZ', () => {});
    try { writeFileAtomic(${JSON.stringify(path)}, 'x'.repeat(3_000_000), 0); console.log('written'); }
    catch (error) { console.log(error.code, error.message); }`;
  const limited = 'ulimit -f 1000; exec "$0" --input-type=module -e "$1"';
  const said = execFileSync('bash', ['-c', limited, process.execPath, script], { encoding: 'utf8' });
  assert.match(said, /^file .*could not be written \(EFBIG\)/);
  assert.equal(readFileSync(path, 'utf8'), 'good');
  assert.deepEqual(readdirSync(folder), ['status.json']);
});

test('what is no regular file is set aside and never written through', t => {
  const folder = temporaryFolder(t);
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'mine');
  const path = join(folder, 'status.json');
  const makers: (() => void)[] = [
    () => symlinkSync(victim, path),
    () => mkdirSync(path),
    () => execFileSync('mkfifo', [path]),
  ];
  const asides = makers.map(make => {
    make();
    const aside = writeFileAtomic(path, 'good', START_MS);
    assert.equal(readFileSync(path, 'utf8'), 'good');
    assert.ok(aside !== null);
    execFileSync('rm', ['-f', path]);
    return aside;
  });
  assert.equal(new Set(asides).size, 3, 'each has a name of its own');
  assert.equal(readlinkSync(asides[0] ?? ''), victim);
  assert.equal(readFileSync(victim, 'utf8'), 'mine');
});

test('a folder that is not there is a file error that says what to do', t => {
  const path = join(temporaryFolder(t), 'none', 'status.json');
  assert.throws(
    () => writeFileAtomic(path, 'x', START_MS),
    /could not be written \(ENOENT\): there is no folder .*none: make it$/,
  );
});

test('temporary files of killed writers are swept, and nothing else', t => {
  const folder = temporaryFolder(t);
  const kept = ['.gitignore', '.notes.tmp', 'a.0123456789abcdef.tmp', '.status.json.0123456789abcdeX.tmp'];
  for (const name of [...kept, '.status.json.0123456789abcdef.tmp']) writeFileSync(join(folder, name), '');
  mkdirSync(join(folder, '.folder.0123456789abcdef.tmp'));
  sweepTemporaries(folder);
  assert.deepEqual(readdirSync(folder).sort(), [...kept, '.folder.0123456789abcdef.tmp'].sort());
});

test('in a folder into which others write only what is old is swept', t => {
  const folder = temporaryFolder(t);
  const [old, young] = ['.a.json.0123456789abcdef.tmp', '.b.json.0123456789abcdef.tmp'];
  for (const name of [old, young, 'a.json']) writeFileSync(join(folder, name), '');
  for (const name of [old, 'a.json']) utimesSync(join(folder, name), 1, 1);
  sweepShared(folder, Date.now());
  assert.deepEqual(readdirSync(folder).sort(), [young, 'a.json']);
  sweepShared(join(folder, 'missing'), Date.now());
});

test('a socket that a killed supervisor had not yet put in its place is swept, and no other one', t => {
  const folder = temporaryFolder(t);
  const names = ['metrics.sock', '.metrics.sock.0123456789abcdef.tmp'];
  const listen = `const { createServer } = require('net'); let open = 0;
    for (const path of process.argv.slice(1))
      createServer().listen(path, () => { open += 1; if (open === 2) process.kill(process.pid, 'SIGKILL'); })`;
  const paths = names.map(name => join(folder, name));
  assert.throws(() => execFileSync(process.execPath, ['-e', listen, ...paths], { stdio: 'ignore' }));
  assert.deepEqual(readdirSync(folder).sort(), names.toSorted());
  sweepTemporaries(folder);
  assert.deepEqual(readdirSync(folder), ['metrics.sock']);
});

test('a regular file is read; anything else is a problem and never waited for', t => {
  const folder = temporaryFolder(t);
  const path = (name: string): string => join(folder, name);
  writeFileSync(path('good'), 'content');
  symlinkSync(path('good'), path('link'));
  mkdirSync(path('folder'));
  execFileSync('mkfifo', [path('fifo')]);
  const read = readRegularFile(path('good'), 100);
  assert.equal(read !== null && 'content' in read && read.content.toString(), 'content');
  for (const name of ['link', 'folder', 'fifo']) {
    assert.deepEqual(readRegularFile(path(name), 100), { problem: 'is not a regular file' }, name);
  }
  assert.deepEqual(readRegularFile('/dev/zero', 100), { problem: 'is not a regular file' });
  assert.equal(readRegularFile(path('missing'), 100), null);
  const tooBig = readRegularFile(path('good'), 6);
  assert.match(tooBig !== null && 'problem' in tooBig ? tooBig.problem : '', /7 bytes, more than the 6/);
});

test('a file that may not be read is an error and no problem of the file', {
  skip: process.getuid?.() === 0,
}, t => {
  const path = join(temporaryFolder(t), 'secret');
  writeFileSync(path, '');
  chmodSync(path, 0);
  assert.throws(() => readRegularFile(path, 100), WatchkeeperError);
});
