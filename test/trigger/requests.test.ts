import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ulid } from 'ulid';
import { openMailbox } from '../../src/mailbox.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

function mailbox(t: TestContext) {
  const root = temporaryFolder(t);
  const bad: string[] = [];
  const box = openMailbox(root);
  return {
    box,
    bad,
    root,
    receive: () => box.receive((file, problem) => void bad.push(`${file}: ${problem}`)),
    files: () => (existsSync(box.folder) ? readdirSync(box.folder).toSorted() : []),
  };
}

test('a request arrives once, in the order in which they were sent', t => {
  const { box, receive, files, bad } = mailbox(t);
  const [first, second] = [ulid(1_000), ulid(2_000)];
  box.send({ id: second, modules: [], wait: true });
  box.send({ id: first, modules: ['collector', 'signals'], wait: false });
  assert.deepEqual(receive(), [
    { id: first, modules: ['collector', 'signals'], wait: false },
    { id: second, modules: [], wait: true },
  ]);
  assert.deepEqual([receive(), files(), bad], [[], [], []]);
});

test('a request and an answer as they were written before there was more to say are still understood', t => {
  const { box, receive, bad } = mailbox(t);
  const id = ulid();
  mkdirSync(box.folder, { recursive: true });
  writeFileSync(join(box.folder, `${id}.request.json`), '{"modules":["a"]}');
  assert.deepEqual([receive(), bad], [[{ id, modules: ['a'], wait: true }], []]);
  const ended = { state: 'ended', failed: false, message: 'Performance OK', iteration: 3 };
  writeFileSync(join(box.folder, `${id}.answer.json`), JSON.stringify(ended));
  assert.deepEqual(box.answer(id), { ...ended, missed: [] });
});

test('an answer is read as often as one likes, the last one counts, and withdrawing leaves nothing', t => {
  const { box, receive, files } = mailbox(t);
  const id = ulid();
  assert.equal(box.answer(id), null);
  box.send({ id, modules: ['a'], wait: true });
  receive();
  box.reply(id, { state: 'accepted', iteration: 3, missed: [] });
  assert.deepEqual(box.answer(id), { state: 'accepted', iteration: 3, missed: [] });
  box.reply(id, { state: 'ended', failed: false, message: 'Performance OK', iteration: 3, missed: [] });
  assert.equal(box.answer(id)?.state, 'ended');
  box.withdraw(id);
  assert.deepEqual([box.answer(id), files()], [null, []]);
});

test('a request that nobody took up can be withdrawn', t => {
  const { box, receive } = mailbox(t);
  const id = ulid();
  box.send({ id, modules: [], wait: false });
  box.withdraw(id);
  assert.deepEqual(receive(), []);
});

for (const [what, make] of [
  ['text that is no JSON', (path: string) => writeFileSync(path, 'modules')],
  ['other JSON', (path: string) => writeFileSync(path, '{"modules":["a",7]}')],
  ['a file of many megabytes', (path: string) => writeFileSync(path, Buffer.alloc(3_000_000))],
  ['a folder', (path: string) => mkdirSync(join(path, 'below'), { recursive: true })],
  ['a link', (path: string) => symlinkSync('/etc/hostname', path)],
] as const) {
  test(`${what} is no request: it is removed and named, and the others arrive`, t => {
    const { box, receive, files, bad } = mailbox(t);
    const good = ulid();
    box.send({ id: good, modules: ['a'], wait: false });
    make(join(box.folder, `${ulid()}.request.json`));
    assert.deepEqual(receive(), [{ id: good, modules: ['a'], wait: false }]);
    assert.equal(bad.length, 1);
    assert.match(bad[0] ?? '', /\.request\.json: \S/);
    assert.deepEqual(files(), []);
  });
}

test('what has no proper name is left alone', t => {
  const { box, receive, files } = mailbox(t);
  mkdirSync(box.folder, { recursive: true });
  const strange = ['mine.request.json', 'notes.txt', `${ulid()}.request.json.tmp`].toSorted();
  for (const name of strange) writeFileSync(join(box.folder, name), '{"modules":[]}');
  assert.deepEqual([receive(), files()], [[], strange]);
});

test('a workspace without the folder has no requests', t => {
  const { receive, bad } = mailbox(t);
  assert.deepEqual([receive(), bad], [[], []]);
});

test('answers that nobody fetched for an hour are swept, newer ones stay, however old their request is', t => {
  const { box, files } = mailbox(t);
  const now = Date.now();
  const [old, fresh] = [ulid(now - 7_200_000), ulid(now - 7_200_000)];
  mkdirSync(box.folder, { recursive: true });
  for (const id of [old, fresh]) box.reply(id, { state: 'accepted', iteration: 1, missed: [] });
  const hourAgo = new Date(now - 3_700_000);
  utimesSync(join(box.folder, `${old}.answer.json`), hourAgo, hourAgo);
  box.sweep(now);
  assert.deepEqual(files(), [`${fresh}.answer.json`]);
});
