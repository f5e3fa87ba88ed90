import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outputTail } from '../../src/run/tail.ts';

function tailOf(chunks: readonly string[], hidden: readonly string[] = []) {
  const tail = outputTail(hidden);
  for (const chunk of chunks) assert.equal(tail.sink.write(Buffer.from(chunk), 'stdout'), true);
  return tail;
}

test('the last lines that say something are held, wherever the output was cut', () => {
  const tail = tailOf(['one\ntw', 'o\n\n', 'three\r\n', 'fo', 'ur']);
  assert.deepEqual(tail.lines(3), ['two', 'three', 'four']);
  assert.deepEqual(tail.lines(10), ['one', 'two', 'three', 'four']);
  assert.deepEqual(tailOf([]).lines(5), []);
});

test('secrets are replaced, also where they came in two pieces', () => {
  assert.deepEqual(tailOf(['token hun', 'ter2 is\n'], ['hunter2']).lines(1), ['token *** is']);
});

test('of much output only the end is held, and no line without its beginning, which may be half a secret', () => {
  const tail = tailOf(['hunter2'.repeat(10_000), `\nlast\n`], ['hunter2']);
  assert.deepEqual(tail.lines(5), ['last']);
  const flood = tailOf(Array.from({ length: 1_000 }, (_, index) => `${index} ${'x'.repeat(100)}\n`));
  assert.match(flood.lines(1)[0] ?? '', /^999 x+$/);
  assert.ok(flood.lines(10_000).length < 170);
});
