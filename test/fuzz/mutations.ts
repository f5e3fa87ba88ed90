import { fc } from '../helpers/properties.ts';

/** What happens to a file: it is cut, bent, doubled, written by another program. Plain data, so that a failure shows it. */
export type Mutation =
  | { does: 'cut' | 'remove line'; at: number }
  | { does: 'flip'; at: number; bit: number }
  | { does: 'insert'; at: number; text: string }
  | { does: 'zero'; at: number; length: number }
  | { does: 'swap lines' | 'double line'; at: number; other: number }
  | { does: 'replace value'; at: number; json: string }
  | { does: 'write'; as: 'utf16 with mark' | 'utf16' | 'utf8 with mark' | 'crlf' | 'twice' | 'nothing' };

/** Raw JSON in the place of other JSON: types, sizes and names that nobody expects. */
const ODD_JSON = [
  'null true 0 -0 -1 1 2 999 1e999 -1e999 1e308 5e-324 1.5 9007199254740993 12345678901234567890',
  '"" "x" "__proto__" "constructor" "\\u0000" "\\ud800" "\\u001b[31m" "../../x" "ok" "skipped" "above"',
  '[] {} [[]] {"__proto__":1} {"a":1,"a":2} [null] {"__proto__":{"x":1},"constructor":null}',
  '"2026-11-20T12:00:00.000Z" "9999-12-31T23:59:59.999Z" "0000-01-01T00:00:00Z" "2026-02-30T00:00:00Z" "2026-11-20"',
  '"2026-11-20T24:00:00Z" "2026-11-20T12:00:60Z" "2026-11-20T12:00:00+01:00" "2026-11-20T12:00Z" "1969-01-01T00:00:00Z"',
  `"${'x'.repeat(3_000)}"`,
].flatMap(list => list.split(' '));

const ODD_TEXT = [
  '\0',
  '\uFEFF',
  '\n',
  '\r\n',
  ',',
  '}',
  ']',
  '"',
  '\\',
  '{',
  '[',
  'NaN',
  '//',
  '\u2028',
  '<<<<<<< HEAD\n',
];

const at = fc.nat();
const is = <Word extends string>(...words: Word[]): fc.Arbitrary<Word> => fc.constantFrom(...words);

/** Something else in the place of one value; what was JSON stays JSON. */
export const ODD_VALUE: fc.Arbitrary<Mutation> = fc.record({
  does: is('replace value'),
  at,
  json: fc.constantFrom(...ODD_JSON),
});

const ONE: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 8, arbitrary: ODD_VALUE },
  { weight: 2, arbitrary: fc.record({ does: is('cut', 'remove line'), at }) },
  { weight: 2, arbitrary: fc.record({ does: is('flip'), at, bit: fc.nat(7) }) },
  { weight: 2, arbitrary: fc.record({ does: is('insert'), at, text: fc.constantFrom(...ODD_TEXT) }) },
  { weight: 1, arbitrary: fc.record({ does: is('zero'), at, length: fc.nat(5_000) }) },
  { weight: 4, arbitrary: fc.record({ does: is('swap lines', 'double line'), at, other: at }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: is('write'),
      as: is('utf16 with mark', 'utf16', 'utf8 with mark', 'crlf', 'twice', 'nothing'),
    }),
  },
);

/** Some of these things, one after the other. */
export const MUTATIONS: fc.Arbitrary<Mutation[]> = fc.array(ONE, { minLength: 1, maxLength: 3 });

export function mutated(bytes: Buffer, mutations: readonly Mutation[]): Buffer {
  return mutations.reduce(one, bytes);
}

function one(bytes: Buffer, mutation: Mutation): Buffer {
  if (mutation.does === 'write') return written(bytes.toString(), mutation.as);
  const place = mutation.at % (bytes.length + 1);
  switch (mutation.does) {
    case 'cut':
      return bytes.subarray(0, place);
    case 'flip':
      return Buffer.from(bytes.map((byte, index) => (index === place ? byte ^ (1 << mutation.bit) : byte)));
    case 'insert':
      return Buffer.concat([bytes.subarray(0, place), Buffer.from(mutation.text), bytes.subarray(place)]);
    case 'zero':
      return Buffer.from(bytes).fill(0, place, Math.min(place + mutation.length, bytes.length));
    case 'replace value':
      return Buffer.from(replaced(bytes.toString(), mutation.at, mutation.json));
    default:
      return Buffer.from(rearranged(bytes.toString().split('\n'), mutation).join('\n'));
  }
}

function written(text: string, as: (Mutation & { does: 'write' })['as']): Buffer {
  const forms = {
    'utf16 with mark': Buffer.from(`\uFEFF${text}`, 'utf16le'),
    utf16: Buffer.from(text, 'utf16le'),
    'utf8 with mark': Buffer.from(`\uFEFF${text}`),
    crlf: Buffer.from(text.replaceAll('\n', '\r\n')),
    twice: Buffer.from(text + text),
    nothing: Buffer.alloc(0),
  };
  return forms[as];
}

type OfLines =
  | { does: 'cut' | 'remove line'; at: number }
  | { does: 'swap lines' | 'double line'; at: number; other: number };

function rearranged(lines: string[], mutation: OfLines): string[] {
  const first = mutation.at % lines.length;
  if (!('other' in mutation)) return lines.toSpliced(first, 1);
  const second = mutation.other % lines.length;
  if (mutation.does === 'double line') return lines.toSpliced(second, 0, lines[first] ?? '');
  return lines.with(first, lines[second] ?? '').with(second, lines[first] ?? '');
}

/** Strings with their escapes (names too), numbers, words, what is empty. */
const VALUE = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|\[\]|\{\}/g;

function replaced(text: string, which: number, json: string): string {
  const values = [...text.matchAll(VALUE)];
  const value = values[which % Math.max(1, values.length)];
  if (value === undefined) return text;
  return text.slice(0, value.index) + json + text.slice(value.index + value[0].length);
}
