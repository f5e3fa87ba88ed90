import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { afterEach, type TestContext, test } from 'node:test';
import { openStore } from '../../src/store/open.ts';
import { openToRead, STORE_FILE } from '../../src/store/open-to-read.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { clock, closing } from './fixtures.ts';

interface Said {
  step: string;
  code?: string;
  message?: string;
  pid?: number;
  setAside?: string | null;
  notices?: string[];
}

/** One supervisor in a process of its own. */
class Holder {
  readonly child: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  readonly #said: Said[] = [];
  readonly #closed: Promise<unknown>;

  constructor(data: string, ...more: string[]) {
    const program = join(import.meta.dirname, 'holder-process.ts');
    this.child = spawn(process.execPath, ['--no-warnings', program, data, ...more]);
    this.#closed = once(this.child, 'close');
    this.#lines = createInterface({ input: this.child.stdout });
    this.#lines.on('line', line => this.#said.push(JSON.parse(line)));
    this.child.stderr.on('data', chunk => process.stderr.write(chunk));
    this.child.stdin.on('error', () => undefined); // it has ended
    holders.push(this);
  }

  /** The next thing that it says. */
  async says(): Promise<Said> {
    return until('the holder says something', () => this.#said.shift());
  }

  async asks(command: string): Promise<Said> {
    this.child.stdin.write(`${command}\n`);
    return this.says();
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(this.child.pid ?? 0, signal);
  }

  async end(signal?: NodeJS.Signals): Promise<void> {
    if (signal !== undefined && this.child.exitCode === null) this.child.kill(signal);
    this.child.stdin.end();
    await this.#closed;
  }
}

const holders: Holder[] = [];

afterEach(async () => {
  for (const holder of holders.splice(0)) await holder.end('SIGKILL');
});

failOnLeaks();

function aDataFolder(t: TestContext): string {
  const data = join(temporaryFolder(t), 'data');
  mkdirSync(data, { mode: 0o700 });
  return data;
}

async function holding(data: string, ...more: string[]): Promise<Holder> {
  const holder = new Holder(data, ...more);
  assert.equal((await holder.says()).step, 'held');
  return holder;
}

test('the second one is told which process holds the workspace, since when, and what to do', async t => {
  const data = aDataFolder(t);
  const first = await holding(data);
  const second = await new Holder(data).says();
  assert.equal(second.step, 'refused');
  assert.equal(second.code, 'held');
  assert.match(
    second.message ?? '',
    new RegExp(`process ${first.child.pid} on .*, since 20.*watchkeeper trigger`),
  );
  assert.equal((await first.asks('write')).step, 'written');
});

test('what is held is given back: no lock and no owner is left', async t => {
  const data = aDataFolder(t);
  const first = await holding(data);
  assert.equal((await first.asks('release')).step, 'released');
  assert.deepEqual(readdirSync(data).sort(), ['watchkeeper.db', 'watchkeeper.gate']);
  assert.equal(closing(openToRead(join(data, STORE_FILE))).owner(), null);
  await holding(data);
});

test('a holder does not stay alive only because it holds', async t => {
  const holder = await holding(aDataFolder(t));
  assert.equal((await holder.asks('idle')).step, 'idle');
  await holder.end();
  assert.equal(holder.child.exitCode, 0);
});

test('after kill -9 the next start succeeds at once', async t => {
  const data = aDataFolder(t);
  for (let round = 0; round < 3; round += 1) {
    const holder = await holding(data);
    assert.equal((await holder.asks('write')).step, 'written');
    await holder.end('SIGKILL');
    assert.ok(existsSync(join(data, 'watchkeeper.lock')), 'its fresh lock is still there');
    const reader = closing(openToRead(join(data, STORE_FILE)));
    assert.equal(reader.fact('written'), holder.child.pid);
  }
});

test('after kill -9 and the loss of the store the next start succeeds too', async t => {
  const data = aDataFolder(t);
  const damages: (() => void)[] = [
    () => writeFileSync(join(data, 'watchkeeper.db'), 'damaged'),
    () => rmSync(join(data, 'watchkeeper.db')),
    () => rmSync(join(data, 'watchkeeper.owner.json')),
    () => writeFileSync(join(data, 'watchkeeper.gate'), 'damaged'),
  ];
  for (const damage of damages) {
    await (await holding(data)).end('SIGKILL');
    damage();
    await holding(data).then(holder => holder.end('SIGKILL'));
  }
});

test('of many that start at the same time exactly one wins', { timeout: 120_000 }, async t => {
  for (let round = 0; round < 6; round += 1) {
    const data = aDataFolder(t);
    if (round % 2 === 1) await (await holding(data)).end('SIGKILL'); // a dead owner with a fresh lock to fight over
    const racers = Array.from({ length: 4 }, () => new Holder(data));
    const said = await Promise.all(racers.map(racer => racer.says()));
    assert.equal(said.filter(({ step }) => step === 'held').length, 1, JSON.stringify(said));
    assert.ok(said.every(({ step, code }) => step === 'held' || code === 'held'));
    await Promise.all(racers.map(racer => racer.end('SIGKILL')));
  }
});

test('one that was stopped is taken over when its lock is old, and is fenced when it wakes up', async t => {
  const data = aDataFolder(t);
  const first = await holding(data);
  first.kill('SIGSTOP');
  const early = await new Holder(data).says();
  assert.equal(early.code, 'held', 'its lock is fresh');
  makeOld(data);
  const second = await holding(data);
  first.kill('SIGCONT');
  const said = [await first.asks('write'), await first.says()];
  assert.deepEqual(said.map(({ step }) => step).sort(), ['failed', 'lost']);
  assert.ok(said.every(({ code }) => code === 'fenced'));
  await first.asks('release');
  await first.end();
  assert.ok(existsSync(join(data, 'watchkeeper.lock')), 'the lock of the second one is left alone');
  assert.equal((await second.asks('write')).step, 'written');
  assert.equal((await new Holder(data).says()).code, 'held');
});

test('a living one whose lock is old is left alone as soon as it refreshes it', async t => {
  const data = aDataFolder(t);
  const first = await holding(data);
  first.kill('SIGSTOP');
  makeOld(data);
  const second = new Holder(data, '--watch=30000');
  first.kill('SIGCONT');
  assert.equal((await second.says()).code, 'held');
  assert.equal((await first.asks('write')).step, 'written');
});

test('a lock that is removed under a living holder is made again, and it goes on holding', async t => {
  const data = aDataFolder(t);
  const first = await holding(data);
  rmdirSync(join(data, 'watchkeeper.lock'));
  assert.equal((await new Holder(data).says()).code, 'held');
  await until('the lock is back', () => existsSync(join(data, 'watchkeeper.lock')));
  assert.equal((await first.asks('write')).step, 'written');
});

test('another host that keeps its lock fresh holds the workspace; when the lock is old it is taken over', async t => {
  const data = aDataFolder(t);
  const first = await holding(data, '--host=other.example');
  const second = await new Holder(data).says();
  assert.equal(second.code, 'held');
  assert.match(second.message ?? '', /on other\.example.*If that machine no longer runs/);
  await first.end('SIGKILL');
  assert.equal((await new Holder(data).says()).code, 'held', 'nobody here can know that it is dead');
  makeOld(data);
  await holding(data);
});

test('after a reboot the workspace is taken over when nobody refreshes the lock', async t => {
  const data = aDataFolder(t);
  await (await holding(data)).end('SIGKILL');
  const note = join(data, 'watchkeeper.owner.json');
  const owner = JSON.parse(readFileSync(note, 'utf8'));
  const store = openStore(data, { clock }).store;
  const earlier = { ...owner, bootId: 'an earlier boot' };
  store.claim(earlier);
  store.close();
  writeFileSync(note, JSON.stringify(earlier));
  await holding(data);
});

test('a lock path that is no lock is set aside', async t => {
  const data = aDataFolder(t);
  mkdirSync(join(data, 'watchkeeper.lock'));
  writeFileSync(join(data, 'watchkeeper.lock', 'something'), 'kept');
  makeOld(data);
  const holder = new Holder(data);
  const { step, notices } = await holder.says();
  assert.equal(step, 'held');
  assert.deepEqual(notices, told(data, 'watchkeeper.lock'));
  assert.equal(statSync(join(data, 'watchkeeper.lock')).isDirectory(), true);
});

for (const name of [
  'watchkeeper.gate',
  'watchkeeper.owner.json',
  'watchkeeper.db-wal',
  'watchkeeper.db-shm',
]) {
  test(`a folder in the place of ${name} is set aside, and that is told with the name it got`, async t => {
    const data = aDataFolder(t);
    mkdirSync(join(data, name));
    const { step, notices } = await new Holder(data).says();
    assert.equal(step, 'held');
    assert.deepEqual(notices, told(data, name));
  });
}

/** The one notice that there should be: it ends with the name of what was set aside. */
function told(data: string, name: string): string[] {
  const [aside = 'nothing was set aside'] = readdirSync(data).filter(file =>
    file.startsWith(`${name}.damaged-`),
  );
  const [path, note] = [join(data, name), 'watchkeeper.owner.json'];
  const reasons: Record<string, string> = {
    [note]: `${note} was not what it should be`,
    'watchkeeper.lock': `${path} was not what it should be`,
    'watchkeeper.gate': `${path} was no empty file`,
  };
  return [`${reasons[name] ?? `${path} was no regular file`}: set aside as ${join(data, aside)}`];
}

function makeOld(data: string): void {
  const old = new Date(Date.now() - 3_600_000);
  utimesSync(join(data, 'watchkeeper.lock'), old, old);
}
