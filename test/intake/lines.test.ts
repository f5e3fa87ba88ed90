import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lines, LONGEST_LINE } from '../../src/intake/lines.ts';
import { fc } from '../helpers/properties.ts';

function cut(pieces: Buffer[]): (string | null)[] {
  const lines = new Lines();
  const found = [...pieces.flatMap(piece => lines.push(piece)), ...lines.end()];
  return found.map(line => line?.toString('latin1') ?? null);
}

test('a stream is cut into its lines, however it is cut into pieces, and its last line needs no end', () => {
  const line = fc.stringMatching(/^[a-z]{0,20}$/);
  const text = fc.array(line, { maxLength: 20 }).map(lines => lines.join('\n'));
  fc.assert(
    fc.property(text, fc.array(fc.nat(30), { minLength: 1 }), (given, sizes) => {
      const pieces: Buffer[] = [];
      for (let at = 0, turn = 0; at < given.length; turn += 1) {
        const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
        pieces.push(Buffer.from(given.slice(at, at + size)));
        at += size;
      }
      const expected = given.split('\n');
      if (expected.at(-1) === '') expected.pop();
      assert.deepEqual(cut(pieces), expected);
    }),
  );
});

test('a line that is too long is passed over, whole or in pieces, and the next one is taken', () => {
  const long = 'x'.repeat(LONGEST_LINE + 1);
  const whole = Buffer.from(`a\n${long}\nb\n`);
  assert.deepEqual(cut([whole]), ['a', null, 'b']);
  assert.deepEqual(cut([...whole].map(byte => Buffer.from([byte]))), ['a', null, 'b']);
  assert.deepEqual(cut([Buffer.from(long)]), [null]);
  assert.deepEqual(cut([Buffer.from(`${long.slice(1)}\n`)]), [long.slice(1)], 'the longest that is taken');
});
