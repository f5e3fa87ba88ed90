import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { WatchkeeperError } from '../../src/errors.ts';
import { openStore } from '../../src/store/open.ts';
import { openToRead, STORE_FILE } from '../../src/store/open-to-read.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { anOwner, aRun, aStore, clock, closing, reopen } from './fixtures.ts';

failOnLeaks();

const isStoreError = (error: unknown): boolean => error instanceof WatchkeeperError && error.code === 'store';

test('a new store has private files, whatever the umask', t => {
  for (const umask of [0o000, 0o077, 0o777]) {
    const data = join(temporaryFolder(t), 'data');
    const before = process.umask(umask);
    try {
      const opened = openStore(data, { clock });
      closing(opened.store);
      assert.equal(opened.fresh, true);
      assert.equal(opened.setAside, null);
      opened.store.claim(anOwner());
    } finally {
      process.umask(before);
    }
    if (umask !== 0o777) assert.equal(statSync(data).mode & 0o777, 0o700);
    for (const file of readdirSync(data)) assert.equal(statSync(join(data, file)).mode & 0o777, 0o600, file);
  }
});

test('a store that is opened again has what was recorded', t => {
  const { store, data } = aStore(t);
  const run = aRun();
  store.recordRun(run, null);
  store.close();
  const opened = openStore(data, { clock });
  closing(opened.store);
  assert.equal(opened.fresh, false);
  assert.deepEqual(opened.store.lastRun(), run);
});

const DAMAGES: [string, (path: string) => void][] = [
  ['one byte', path => writeFileSync(path, 'S')],
  ['text', path => writeFileSync(path, 'not a database at all\n'.repeat(1000))],
  ['zeros', path => writeFileSync(path, Buffer.alloc(8192))],
  ['its first page only', path => truncate(path, 4096)],
  ['half of it', path => truncate(path, Math.floor(statSync(path).size / 8192) * 4096)],
  ['a page of zeros in the middle', path => overwrite(path, 4096 * 3, Buffer.alloc(4096))],
  ['noise in every page', path => noise(path)],
  ['a folder', path => replace(path, () => mkdirSync(path))],
  ['a FIFO', path => replace(path, () => execFileSync('mkfifo', [path]))],
  ['a link to nothing', path => replace(path, () => symlinkSync('/nonexistent', path))],
  ['a link to a database', path => replace(path, () => symlinkSync(otherDatabase(`${path}.other`), path))],
  ["another program's database", path => replace(path, () => otherDatabase(path))],
  ['a store without a table', path => change(path, 'DROP TABLE events')],
];

for (const [name, damage] of DAMAGES) {
  test(`a store that has become ${name} is set aside and a fresh one opened`, t => {
    const { store, data } = aStore(t);
    for (let run = 0; run < 15; run += 1) store.recordRun(aRun(), null);
    store.close();
    damage(join(data, 'watchkeeper.db'));
    const opened = openStore(data, { clock });
    closing(opened.store);
    assert.equal(opened.fresh, true);
    assert.match(opened.setAside ?? '', /watchkeeper\.db\.damaged-20261120T120000\.000Z$/);
    opened.store.claim(anOwner());
    opened.store.recordRun(aRun(), null);
    assert.equal(opened.store.runs('collector', 10).length, 1);
  });
}

test('a reader of a damaged store is told what to do, and changes nothing', t => {
  for (const [name, damage] of DAMAGES.slice(1, -1).filter(([name]) => !name.includes('zeros in'))) {
    const { store, data } = aStore(t);
    for (let run = 0; run < 5; run += 1) store.recordRun(aRun(), null);
    store.close();
    damage(join(data, 'watchkeeper.db'));
    const read = (): void => {
      const reader = closing(openToRead(join(data, STORE_FILE)));
      reader.runs('collector', 1000);
    };
    assert.throws(read, /start the supervisor/, name);
    assert.ok(!readdirSync(data).some(file => file.includes('damaged')));
  }
});

test('an empty file becomes a fresh store, and is not set aside', t => {
  const data = temporaryFolder(t);
  writeFileSync(join(data, 'watchkeeper.db'), '');
  const opened = openStore(data, { clock });
  closing(opened.store);
  assert.equal(opened.fresh, true);
  assert.equal(opened.setAside, null);
});

test('side files of a store that is gone do no harm', t => {
  const { store, data } = aStore(t);
  store.recordRun(aRun(), null);
  const path = join(data, 'watchkeeper.db');
  const log = readFileSync(`${path}-wal`);
  store.close();
  rmSync(path);
  writeFileSync(`${path}-wal`, log);
  mkdirSync(`${path}-shm`);
  const again = reopen(data);
  assert.equal(again.lastRun(), null);
  again.claim(anOwner());
  again.recordRun(aRun(), null);
});

test('a store of a newer version is refused and stays as it is', t => {
  const { store, data } = aStore(t);
  store.close();
  const path = join(data, 'watchkeeper.db');
  change(path, 'PRAGMA user_version=99');
  const before = readFileSync(path);
  for (const open of [() => openStore(data, { clock }), () => openToRead(path)])
    assert.throws(open, /newer Watchkeeper/);
  assert.deepEqual(readFileSync(path), before);
});

test('damage that is only met in use is reported, and the next start checks everything', t => {
  const { store, data } = aStore(t);
  const filler = { text: 'x'.repeat(1_000_000) };
  for (let index = 0; index < 20; index += 1) store.setFact(`filler${index}`, filler);
  for (let run = 0; run < 300; run += 1) store.recordRun(aRun(), null);
  store.close();
  const path = join(data, 'watchkeeper.db');
  assert.ok(statSync(path).size > 16e6, 'too big to be checked whole at each start');
  noise(path, 4096 * 20);
  let met = openStore(data, { clock });
  closing(met.store);
  if (met.setAside === null) {
    const { store } = met;
    assert.throws(() => {
      for (let index = 0; index < 20; index += 1) store.fact(`filler${index}`);
      store.runs('collector', 1000);
    }, isStoreError);
    store.close();
    met = openStore(data, { clock });
    closing(met.store);
  }
  assert.notEqual(met.setAside, null);
  assert.equal(existsSync(`${path}.suspect`), false);
});

test('a reader sees what a writer records, and can write nothing', t => {
  const { store, data } = aStore(t);
  const reader = closing(openToRead(join(data, STORE_FILE)));
  store.recordRun(aRun(), null);
  assert.equal(reader.runs('collector', 10).length, 1);
  assert.throws(() => reader.setFact('a', 1), WatchkeeperError);
  assert.throws(() => reader.claim(anOwner()), isStoreError);
});

test('a reader of a workspace in which nothing has run is told so', t => {
  assert.throws(() => openToRead(join(temporaryFolder(t), STORE_FILE)), /nothing has run/);
});

test('a writer whose store was replaced or removed writes nothing more', t => {
  const { store, data } = aStore(t);
  rmSync(join(data, 'watchkeeper.db'));
  const lost = (error: unknown): boolean => error instanceof WatchkeeperError && error.code === 'lost';
  assert.throws(() => store.recordRun(aRun(), null), lost);
  reopen(data).claim(anOwner());
  assert.throws(() => store.recordRun(aRun(), null), lost);
});

test('a store that another program keeps locked is a store error that says so', { timeout: 60_000 }, t => {
  const { store, data } = aStore(t);
  const other = closing(new DatabaseSync(join(data, 'watchkeeper.db')));
  other.exec('BEGIN IMMEDIATE');
  assert.throws(() => store.recordRun(aRun(), null), /locked.*try again/);
  other.exec('ROLLBACK');
  store.recordRun(aRun(), null);
});

test('a full disk fails a write whole, and the store goes on when there is room again', t => {
  // A limit of the file size stands in for the full disk.
  const { store, data } = aStore(t);
  store.release();
  store.close();
  const source = (name: string): string => JSON.stringify(join(import.meta.dirname, '../../src/store', name));
  const script = `
    import { openStore } from ${source('open.ts')};
    process.on('SIGXFSZ', () => {});
    const { store } = openStore(${JSON.stringify(data)}, { clock: { now: () => 0, monotonic: () => 0 } });
    store.claim({ nonce: 'n' });
    let recorded = 0;
    try { for (;;) { store.setFact('fact' + recorded, 'x'.repeat(9000)); recorded += 1; } }
    catch (error) { console.log(JSON.stringify({ recorded, code: error.code, message: error.message })); }`;
  const command = 'ulimit -f 1000; exec "$0" --no-warnings --input-type=module -e "$1"';
  const said = JSON.parse(
    execFileSync('bash', ['-c', command, process.execPath, script], { encoding: 'utf8' }),
  );
  assert.equal(said.code, 'store');
  assert.match(said.message, /make room|check the disk/);
  assert.ok(said.recorded > 5);
  const again = reopen(data);
  again.claim(anOwner());
  assert.notEqual(again.fact(`fact${said.recorded - 1}`), null);
  assert.equal(again.fact(`fact${said.recorded}`), null);
  again.recordRun(aRun(), null);
});

function truncate(path: string, size: number): void {
  const fd = openSync(path, 'r+');
  ftruncateSync(fd, size);
  closeSync(fd);
}

function overwrite(path: string, offset: number, bytes: Buffer): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, bytes, 0, bytes.length, offset);
  closeSync(fd);
}

function noise(path: string, from = 4096): void {
  const size = statSync(path).size;
  for (let offset = from; offset < size; offset += 4096) overwrite(path, offset, Buffer.alloc(64, 0x5a));
}

function replace(path: string, make: () => void): void {
  rmSync(path);
  make();
}

function change(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

function otherDatabase(path: string): string {
  change(path, 'CREATE TABLE recipes (name TEXT)');
  return path;
}
