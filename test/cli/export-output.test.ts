import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parquetReadObjects } from 'hyparquet';
import { main } from '../../src/cli/main.ts';
import type { TextStream } from '../../src/cli/terminal.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { anOwner, aRun, closing, reopen } from '../store/fixtures.ts';
import { call } from './called.ts';
import { exported, history, LONG, longHistory } from './export-history.ts';

failOnLeaks();

const SUPERVISOR = fileURLToPath(new URL('../../supervisor.ts', import.meta.url));

/** With a standard output of the test's own. */
function callTo(stdout: TextStream, ...argv: string[]): Promise<number> {
  return main(argv, {
    ...{ stdin: Readable.from([]), stdout, stderr: { write: () => undefined }, env: {} },
    abort: () => undefined,
  });
}

test('a file that is there is replaced as a whole and keeps its permissions', async t => {
  const { root, runs } = history(t);
  const file = join(root, 'a.json');
  writeFileSync(file, 'x'.repeat(100_000));
  chmodSync(file, 0o640);
  const before = statSync(file).ino;
  await exported(root, '--output', file);
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), runs);
  assert.equal(statSync(file).mode & 0o777, 0o640);
  assert.notEqual(statSync(file).ino, before);
});

test('an export that fails leaves the file as it was, and nothing beside it', async t => {
  const { root, data } = longHistory(t);
  const database = closing(new DatabaseSync(join(data, 'watchkeeper.db')));
  database.exec(`UPDATE runs SET record = '{' WHERE seq = ${LONG.runs}`);
  const folder = join(root, 'out');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.json'), 'before');
  for (const name of ['a.json', 'new.csv']) {
    const { code, stderr } = await call('export', '--root', root, '--output', join(folder, name));
    assert.equal(code, 4);
    assert.match(stderr, /damaged record/);
  }
  assert.deepEqual(readdirSync(folder), ['a.json']);
  assert.equal(readFileSync(join(folder, 'a.json'), 'utf8'), 'before');
});

test('a link is followed, and stays one', async t => {
  const { root, runs } = history(t);
  writeFileSync(join(root, 'target.json'), '');
  symlinkSync('target.json', join(root, 'link.json'));
  await exported(root, '--output', join(root, 'link.json'));
  assert.ok(lstatSync(join(root, 'link.json')).isSymbolicLink());
  assert.deepEqual(JSON.parse(readFileSync(join(root, 'target.json'), 'utf8')), runs);
});

test('a pipe with a name is written to as it is', async t => {
  const { root, runs } = history(t);
  const pipe = join(root, 'pipe');
  assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
  const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [text] = await Promise.all([reader.stdout.toArray(), exported(root, '--output', pipe)]);
  assert.deepEqual(JSON.parse(Buffer.concat(text).toString()), runs);
  assert.ok(statSync(pipe).isFIFO());
});

test("the workspace's own files are refused, in whatever words", async t => {
  const { root } = history(t);
  symlinkSync(root, join(root, 'here'));
  symlinkSync('watchkeeper.yaml', join(root, 'settings'));
  const before = readdirSync(join(root, 'data'));
  for (const name of [
    'data/performance.json',
    'data/new.json',
    'watchkeeper.yaml',
    'here/data/a.csv',
    'settings',
  ]) {
    const { code, stderr } = await call('export', '--root', root, '--output', join(root, name));
    assert.equal(code, 2, name);
    assert.match(stderr, /would stand among Watchkeeper's own files/);
  }
  assert.deepEqual(readdirSync(join(root, 'data')), before);
  mkdirSync(join(root, 'data/exports'));
  await exported(root, '--output', join(root, 'data/exports/a.json'));
});

test('what is not made for people is kept from a terminal', async t => {
  const { root } = history(t);
  const written: unknown[] = [];
  const terminal = { isTTY: true, write: (text: unknown) => void written.push(text) };
  assert.equal(await callTo(terminal, 'export', '--root', root, '--format', 'parquet'), 2);
  assert.deepEqual(written, []);
  assert.equal(await callTo(terminal, 'export', '--root', root, '--format', 'csv'), 0);
  assert.ok(written.length > 0);
});

test('a slow reader is waited for, so that one piece at most is held for it', async t => {
  const { root } = longHistory(t);
  const waiting: (() => void)[] = [];
  let most = 0;
  let text = '';
  const slow: TextStream = {
    get writableNeedDrain() {
      return waiting.length > 0;
    },
    write(piece, done) {
      text += piece;
      if (piece !== '') most = Math.max(most, waiting.length + 1);
      waiting.push(done ?? (() => undefined));
      setTimeout(() => {
        for (const each of waiting.splice(0)) each();
      }, 5);
    },
  };
  assert.equal(await callTo(slow, 'export', '--root', root), 0);
  assert.equal(most, 1);
  assert.equal(JSON.parse(text).length, LONG.runs);
});

test('a reader that went away ends it at once, and is no failure', async t => {
  const { root } = longHistory(t);
  let pieces = 0;
  const stdout: TextStream = {
    get isGone() {
      return pieces > 0;
    },
    write() {
      pieces += 1;
    },
  };
  assert.equal(await callTo(stdout, 'export', '--root', root), 0);
  assert.equal(pieces, 1);
  const shell = `{ "$0" ${SUPERVISOR} export --root "${root}"; echo "ended with $?" >&2; } | head -c 20`;
  const { stdout: head, stderr } = spawnSync('sh', ['-c', shell, process.execPath], { encoding: 'utf8' });
  assert.match(head, /^\[\n\{"id":"01/);
  assert.equal(stderr, 'ended with 0\n');
});

test('what is recorded meanwhile is left for the next time', async t => {
  const { root, data } = longHistory(t);
  const store = reopen(data);
  store.claim(anOwner());
  let text = '';
  const stdout: TextStream = {
    write(piece) {
      text += piece;
      store.recordRun(aRun({ custom: { late: 1 } }), null);
    },
  };
  assert.equal(await callTo(stdout, 'export', '--root', root, '--format', 'csv'), 0);
  assert.equal(text.trim().split('\r\n').length, LONG.runs + 1);
  assert.doesNotMatch(text, /late/);
  assert.match(await exported(root, '--format', 'csv'), /custom\.late/);
});

test('bytes go through a pipe and into a file as they are', async t => {
  const { root, runs } = history(t);
  const wk = `"$0" ${SUPERVISOR} export --root "${root}" --format parquet`;
  const shell = `${wk} | cat > "${root}/piped" && ${wk} > "${root}/written"`;
  assert.equal(spawnSync('bash', ['-o', 'pipefail', '-c', shell, process.execPath]).status, 0);
  for (const name of ['piped', 'written']) {
    const bytes = readFileSync(join(root, name));
    assert.equal((await parquetReadObjects({ file: new Uint8Array(bytes).buffer })).length, runs.length);
  }
});
