import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { readNote, removeNote, replaceText, writeNote } from '../../src/git/notes.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

failOnLeaks();

const schema = z.object({ a: z.number() });
const MODULE = JSON.stringify(join(import.meta.dirname, '../../src/git/notes.ts'));

test('what is noted is read again, in a folder that is made for it; only its owner can read it', t => {
  const folder = join(temporaryFolder(t), 'far', 'away');
  const path = join(folder, 'note');
  assert.equal(readNote(path, schema), null);
  const script = `import { writeNote } from ${MODULE}; process.umask(0); writeNote(process.argv[1], { a: 1 });`;
  execFileSync(process.execPath, ['--input-type=module', '-e', script, path]);
  assert.deepEqual(readNote(path, schema), { a: 1 });
  writeNote(path, { a: 2, b: 3 });
  assert.deepEqual(readNote(path, schema), { a: 2 });
  assert.deepEqual([statSync(path).mode & 0o777, statSync(folder).mode & 0o777], [0o600, 0o700]);
  assert.deepEqual(readdirSync(folder), ['note']);
  for (const _twice of [1, 2]) removeNote(path);
  assert.deepEqual(readdirSync(folder), []);
});

test('what is no note counts as none', t => {
  const path = join(temporaryFolder(t), 'note');
  for (const text of ['', '{"a":', 'null', '[]', '{"a":"1"}', '\0']) {
    writeFileSync(path, text);
    assert.equal(readNote(path, schema), null, text);
  }
  removeNote(path);
  mkdirSync(path);
  assert.equal(readNote(path, schema), null);
});

test('what a killed writer left is replaced, and never written through', t => {
  const folder = temporaryFolder(t);
  const [path, theirs] = [join(folder, 'note'), join(folder, 'theirs')];
  writeFileSync(`${path}.new`, '{"a":1,"and":"more than there will be"}', { mode: 0o444 });
  writeNote(path, { a: 1 });
  writeFileSync(theirs, 'mine');
  symlinkSync(theirs, `${path}.new`);
  writeNote(path, { a: 2 });
  assert.deepEqual([readNote(path, schema), readFileSync(theirs, 'utf8')], [{ a: 2 }, 'mine']);
  assert.deepEqual(readdirSync(folder).sort(), ['note', 'theirs']);
});

test('a full disk leaves the old note, and nothing beside it', t => {
  // A limit of the file size stands in for the full disk: the write ends in the middle.
  const folder = temporaryFolder(t);
  const path = join(folder, 'note');
  writeNote(path, { a: 1 });
  const script = `
    import { writeNote } from ${MODULE};
    process.on('SIGXFSZ', () => {});
    try { writeNote(process.argv[1], 'x'.repeat(3_000_000)); console.log('written'); }
    catch (error) { console.log(error.code); }`;
  const limited = 'ulimit -f 1000; exec "$0" --input-type=module -e "$1" "$2"';
  const said = execFileSync('bash', ['-c', limited, process.execPath, script, path], { encoding: 'utf8' });
  assert.equal(said, 'EFBIG\n');
  assert.deepEqual(readNote(path, schema), { a: 1 });
  assert.deepEqual(readdirSync(folder), ['note']);
});

test('a text that is not JSON is replaced in the same way, also by nothing', t => {
  const path = join(temporaryFolder(t), 'list');
  for (const text of ['one\ntwo\n', '']) {
    replaceText(path, text);
    assert.equal(readFileSync(path, 'utf8'), text);
  }
});
