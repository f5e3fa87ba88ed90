import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { changeSettings } from '../../src/config/edit.ts';
import { WatchkeeperError } from '../../src/errors.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

failOnLeaks();

const TEXT = 'modules:\n  a:\n    command: x # the x\n    timeout: 1m\n';

function workspace(t: TestContext, text: string | Buffer = TEXT): { root: string; file: string } {
  const root = temporaryFolder(t);
  const file = join(root, 'watchkeeper.yaml');
  writeFileSync(file, text);
  return { root, file };
}

/** As editors do it: whoever reads at this moment sees the old text or the new one, never half of it. */
function replace(file: string, text: string): void {
  writeFileSync(`${file}~`, text);
  renameSync(`${file}~`, file);
}

function refusal(code: string, message: RegExp): (error: unknown) => boolean {
  return error => error instanceof WatchkeeperError && error.code === code && message.test(error.message);
}

const TIMEOUT = { path: ['modules', 'a', 'timeout'], to: '90s' };

test('settings are changed together, and it is said what and where', async t => {
  const { root, file } = workspace(t);
  const retries = { path: ['modules', 'a', 'retries'], to: 2 };
  const changed = await changeSettings(root, [TIMEOUT, retries]);
  assert.deepEqual(changed, [
    { ...TIMEOUT, line: 4, from: '1m' },
    { ...retries, line: 5, from: null },
  ]);
  assert.equal(readFileSync(file, 'utf8'), `${TEXT.replace('1m', '90s')}    retries: 2\n`);
  assert.deepEqual(readdirSync(root), ['watchkeeper.yaml'], 'nothing is left beside it');
});

test('what is set already is no change, and the file is not written', async t => {
  const { root, file } = workspace(t);
  const before = statSync(file, { bigint: true });
  assert.deepEqual(await changeSettings(root, [{ ...TIMEOUT, to: '1m' }]), []);
  assert.equal(statSync(file, { bigint: true }).ino, before.ino);
});

test('a byte order mark, the mode and the owner stay', async t => {
  const { root, file } = workspace(t, Buffer.from(`\uFEFF${TEXT}`));
  chmodSync(file, 0o640);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(file, 12_345, 23_456);
  await changeSettings(root, [TIMEOUT]);
  assert.equal(readFileSync(file, 'utf8'), `\uFEFF${TEXT.replace('1m', '90s')}`);
  const { mode, uid, gid } = statSync(file);
  assert.equal(mode & 0o7777, 0o640);
  if (isRoot) assert.deepEqual([uid, gid], [12_345, 23_456]);
});

test('a file that is read-only stays as it is, whoever asks', async t => {
  const { root, file } = workspace(t);
  chmodSync(file, 0o444);
  await assert.rejects(changeSettings(root, [TIMEOUT]), refusal('file', /is read-only: .*chmod u\+w/));
  assert.equal(readFileSync(file, 'utf8'), TEXT);
});

test('a result that the loader would refuse is not written, and all its problems are told', async t => {
  const { root, file } = workspace(t);
  const bad = { path: ['modules', 'a', 'retries'], to: -1 };
  const unknown = { path: ['modules', 'a', 'tmeout'], to: '1m' };
  await assert.rejects(
    changeSettings(root, [TIMEOUT, bad, unknown]),
    refusal('config', /nothing was changed:\n.*retries: must be a whole number.*\n.*tmeout.*did you mean/),
  );
  assert.equal(readFileSync(file, 'utf8'), TEXT, 'not the good one of them either');
});

test('a place that cannot be changed alone is refused by its name', async t => {
  const text = 'modules:\n  a: &a { command: x, timeout: 1m }\n  b: *a\n';
  const { root, file } = workspace(t, text);
  await assert.rejects(
    changeSettings(root, [TIMEOUT]),
    refusal('config', /modules\.a\.timeout cannot be changed alone .* set it to "90s" by hand/),
  );
  assert.equal(readFileSync(file, 'utf8'), text);
});

test('a file that is missing, broken or not UTF-8 is refused', async t => {
  await assert.rejects(changeSettings(temporaryFolder(t), [TIMEOUT]), refusal('config', /watchkeeper init/));
  for (const text of ['modules: {', Buffer.from([0x61, 0x3a, 0xff])]) {
    const { root, file } = workspace(t, text);
    await assert.rejects(changeSettings(root, [TIMEOUT]), refusal('config', /watchkeeper\.yaml/));
    assert.deepEqual(readFileSync(file), Buffer.from(text));
  }
});

test('a link within the workspace is followed and stays a link; one that leads out of it is refused', async t => {
  const root = temporaryFolder(t);
  const link = join(root, 'watchkeeper.yaml');
  mkdirSync(join(root, 'conf'));
  writeFileSync(join(root, 'conf', 'real.yaml'), TEXT);
  symlinkSync('conf/real.yaml', link);
  await changeSettings(root, [TIMEOUT]);
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.match(readFileSync(join(root, 'conf', 'real.yaml'), 'utf8'), /timeout: 90s/);

  const outside = workspace(t);
  const other = temporaryFolder(t);
  symlinkSync(outside.file, join(other, 'watchkeeper.yaml'));
  await assert.rejects(changeSettings(other, [TIMEOUT]), refusal('file', /outside of the workspace/));
  assert.equal(readFileSync(outside.file, 'utf8'), TEXT);
});

test('what somebody else writes after it was read is not lost: the change is refused', async t => {
  const { root, file } = workspace(t);
  const theirs = `${TEXT}    retries: 1\n`;
  const change = {
    path: TIMEOUT.path,
    // A change is looked at when the file has been read: so this is written between the two.
    get to() {
      replace(file, theirs);
      return TIMEOUT.to;
    },
  };
  await assert.rejects(changeSettings(root, [change]), refusal('file', /changed meanwhile/));
  assert.equal(readFileSync(file, 'utf8'), theirs);
  assert.deepEqual(readdirSync(root), ['watchkeeper.yaml'], 'nothing is left beside it');
});

test('what somebody else writes at any moment stays alone, or with the change in it', async t => {
  const theirs = `${TEXT}    retries: 1\n`;
  for (let turns = 0; turns < 40; turns += 1) {
    const { root, file } = workspace(t);
    const changing = changeSettings(root, [TIMEOUT]).catch((error: unknown) => error);
    // After ever more turns of the event loop: before it is read, while it is checked, after it is written.
    for (let turn = 0; turn < turns; turn += 1) await setImmediate();
    if (readFileSync(file, 'utf8') !== TEXT) break; // from here on it is over before
    replace(file, theirs);
    const outcome = await changing;
    if (outcome instanceof Error) assert.ok(refusal('file', /changed meanwhile/)(outcome), outcome.message);
    const expected = outcome instanceof Error ? theirs : theirs.replace('1m', '90s');
    assert.equal(readFileSync(file, 'utf8'), expected);
    assert.deepEqual(readdirSync(root), ['watchkeeper.yaml'], 'nothing is left beside it');
  }
});

test('where the new file cannot be made the old one stays as it is', async t => {
  const root = temporaryFolder(t);
  const file = join(root, `${'x'.repeat(245)}.yaml`); // a name beside it would be too long for any file system
  writeFileSync(file, TEXT);
  symlinkSync(file, join(root, 'watchkeeper.yaml'));
  await assert.rejects(
    changeSettings(root, [TIMEOUT]),
    refusal('file', /could not be changed \(ENAMETOOLONG\): it is as before/),
  );
  assert.equal(readFileSync(file, 'utf8'), TEXT);
});
