import assert from 'node:assert/strict';
import {
  appendFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { WatchkeeperError } from '../../src/errors.ts';
import { ReplacedFile } from '../../src/store/replaced-file.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

const version = (number: number): string =>
  `{ "updatedAt": "2026-11-20T12:00:0${number}.000Z", "value": ${number} }\n`;

/** What a store remembers; it can be full. */
class Facts {
  readonly #known = new Map<string, string>();
  isFull = false;

  fact(key: string): unknown {
    return JSON.parse(this.#known.get(key) ?? 'null');
  }

  setFact(key: string, value: unknown): void {
    if (this.isFull) throw new WatchkeeperError('store', 'the disk is full');
    this.#known.set(key, JSON.stringify(value));
  }
}

function opened(t: TestContext, content?: string) {
  const folder = temporaryFolder(t);
  const path = join(folder, 'status.json');
  if (content !== undefined) writeFileSync(path, content);
  return beside(path, new Facts());
}

function beside(path: string, facts: Facts) {
  const folder = dirname(path);
  const copies = (): string[] =>
    readdirSync(folder)
      .filter(name => name !== 'status.json')
      .map(name => readFileSync(join(folder, name), 'utf8'));
  return {
    path,
    facts,
    file: new ReplacedFile(path, value => 'updatedAt' in value, facts),
    /** As the next supervisor opens it. */
    again: () => beside(path, facts),
    copies,
    now: () => readFileSync(path, 'utf8'),
  };
}

test('what somebody has edited is kept, told, and replaced', t => {
  const { path, file, copies, now } = opened(t);
  file.write(version(1), 0);
  const edited = version(1).replace('1 }', '7 }');
  writeFileSync(path, edited);
  const messages = file.write(version(2), 0);
  assert.match(messages.join(), /^status\.json was changed by somebody else: kept as .*, and made anew/);
  assert.deepEqual([copies(), now()], [[edited], version(2)]);
});

test('an older version of ours that git has brought back is replaced without a word', t => {
  const { path, file, copies, now } = opened(t, version(0));
  for (const number of [1, 2]) file.write(version(number), 0);
  for (const old of [0, 1]) {
    writeFileSync(path, version(old));
    assert.deepEqual(file.write(version(3 + old), 0), []);
  }
  assert.deepEqual([copies(), now()], [[], version(4)]);
});

test('an older version that a supervisor before this one has written is replaced without a word', t => {
  const before = opened(t);
  for (const number of [1, 2, 3]) before.file.write(version(number), 0);
  const { path, file, copies, now } = before.again();
  file.write(version(4), 0);
  writeFileSync(path, version(2));
  assert.deepEqual(file.write(version(5), 0), []);
  assert.deepEqual([copies(), now()], [[], version(5)]);
});

test('an older version is known by all of its content: what differs far behind, with the same time and size, is another one', t => {
  const { path, file, copies } = opened(t);
  const of = (pid: number): string =>
    version(1).replace(' }', `, "pad": "${'x'.repeat(200)}", "pid": ${pid} }`);
  file.write(of(10), 0);
  file.write(of(11), 0);
  writeFileSync(path, of(10));
  assert.deepEqual(file.write(of(12), 0), []);
  writeFileSync(path, of(99)); // somebody's
  assert.match(file.write(of(13), 0).join(), /was changed by somebody else/);
  assert.deepEqual(copies(), [of(99)]);
});

test('an edit that was begun in an older version is kept', t => {
  const { path, file, copies } = opened(t);
  for (const number of [1, 2]) file.write(version(number), 0);
  const edited = version(1).replace('1 }', '"mine" }');
  writeFileSync(path, edited);
  assert.match(file.write(version(3), 0).join(), /was changed by somebody else/);
  assert.deepEqual(copies(), [edited]);
});

test('what cannot be noted in the store now is noted with the next version', t => {
  const { path, file, facts, again } = opened(t);
  facts.isFull = true;
  file.write(version(1), 0);
  facts.isFull = false;
  file.write(version(2), 0);
  const next = again();
  next.file.write(version(3), 0);
  writeFileSync(path, version(1));
  assert.deepEqual(next.file.write(version(4), 0), []);
});

test('the same content in another file is no edit: git makes it on the way to another branch and back', t => {
  const { path, file, copies, now } = opened(t);
  file.write([version(1).slice(0, 7), Buffer.from(version(1).slice(7))], 0);
  rmSync(path);
  writeFileSync(path, version(1));
  assert.deepEqual(file.write(version(2), 0), []);
  assert.deepEqual([copies(), now()], [[], version(2)]);
});

test('what is JSON and not ours is kept as something that somebody has changed, also before the first write', t => {
  const { file, copies } = opened(t, '{ "version": 99 }');
  assert.match(file.write(version(1), 0).join(), /was changed by somebody else/);
  assert.deepEqual(copies(), ['{ "version": 99 }']);
});

test('what is damaged is set aside as that', t => {
  const { path, file, copies } = opened(t);
  file.write(version(1), 0);
  writeFileSync(path, '{ "updatedAt"');
  assert.match(file.write(version(2), 0).join(), /was damaged, or no regular file: set aside as /);
  assert.deepEqual(copies(), ['{ "updatedAt"']);
});

test('a file that was removed is made again', t => {
  const { file, copies, now } = opened(t, version(0));
  assert.deepEqual(file.write(version(1), 0), []);
  assert.deepEqual([copies(), now()], [[], version(1)]);
});

test('a file that takes its place is not gone through, however large it is', t => {
  const { path, file, now } = opened(t);
  file.write(version(1), 0);
  truncateSync(path, 2 ** 40 - 2); // without content: hours to read
  appendFileSync(path, '}\n');
  const [message = ''] = file.write(version(2), 0);
  const [, aside = ''] = /kept as (.*),/.exec(message) ?? [];
  assert.equal(statSync(aside).size, 2 ** 40);
  assert.equal(now(), version(2));
});

test('a link that leads to itself is not as it was left, and is set aside', t => {
  const { path, file, now } = opened(t);
  file.write(version(1), 0);
  assert.equal(file.isAsLeft(), true);
  rmSync(path);
  symlinkSync('status.json', path);
  assert.equal(file.isAsLeft(), false);
  assert.match(file.write(version(2), 0).join(), /was damaged, or no regular file/);
  assert.equal(now(), version(2));
});
