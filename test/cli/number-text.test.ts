import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numberText, scoreText, shareText, shortText } from '../../src/cli/number-text.ts';
import { fc } from '../helpers/properties.ts';

test('a score has nine decimals, a share four, and both are as String writes them', () => {
  assert.deepEqual([0, 1e-9, 9.99e-7, 0.000001, 0.25, 0.123456789, 1].map(scoreText), [
    ...['0', '1e-9', '9.99e-7', '0.000001', '0.25', '0.123456789', '1'],
  ]);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), score => {
      assert.equal(scoreText(score), String(Math.round(score * 1e9) / 1e9));
      assert.equal(shareText(score), String(Math.round(score * 1e4) / 1e4));
    }),
  );
});

test('the end of a range has six digits, of whatever size it is', () => {
  const texts: [value: number, text: string][] = [
    [1.2345678, '1.23457'],
    [-1.2345678, '-1.23457'],
    [0.99999999, '1'],
    [0.0000123456789, '0.0000123457'],
    [1.23456789e-7, '1.23457e-7'],
    [123456.789, '123457'],
    [123456789, '123457000'],
    [0, '0'],
    [5e-324, '5e-324'],
  ];
  for (const [value, text] of texts) assert.equal(shortText(value), text);
});

test('it is the text of the number that is nearest with six digits', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 10, noNaN: true }),
      fc.integer({ min: -8, max: 8 }),
      (digits, exponent) => {
        const value = digits * 10 ** exponent;
        const text = shortText(value);
        assert.equal(text, String(Number(text)));
        assert.ok(
          Math.abs(Number(text) - value) <= 0.5000001 * 10 ** (Math.floor(Math.log10(value)) - 5),
          text,
        );
      },
    ),
  );
});

test('what is no number, or has no end, is null', () => {
  assert.deepEqual([null, Number.NaN, Number.POSITIVE_INFINITY, -0].map(numberText), [
    ...['null', 'null', 'null', '0'],
  ]);
});
