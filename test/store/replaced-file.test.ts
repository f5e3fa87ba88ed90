import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ReplacedFile } from '../../src/store/replaced-file.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

const version = (number: number): string =>
  `{ "updatedAt": "2026-11-20T12:00:0${number}.000Z", "value": ${number} }\n`;

function opened(t: TestContext, content?: string) {
  const folder = temporaryFolder(t);
  const path = join(folder, 'status.json');
  if (content !== undefined) writeFileSync(path, content);
  const copies = (): string[] =>
    readdirSync(folder)
      .filter(name => name !== 'status.json')
      .map(name => readFileSync(join(folder, name), 'utf8'));
  return {
    path,
    file: new ReplacedFile(path, value => 'updatedAt' in value),
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

test('an older version that a supervisor before this one has written is replaced without a word; a newer one is kept', t => {
  const { path, file, copies, now } = opened(t, version(3));
  const time = (number: number): number => Date.parse(`2026-11-20T12:00:0${number}.000Z`);
  file.write(version(4), time(4));
  writeFileSync(path, version(2));
  assert.deepEqual(file.write(version(5), time(5)), []);
  writeFileSync(path, version(9));
  assert.match(file.write(version(6), time(6)).join(), /was changed by somebody else/);
  assert.deepEqual([copies(), now()], [[version(9)], version(6)]);
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
