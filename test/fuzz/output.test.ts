import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseKeeperLine } from '../../src/run/keeper-line.ts';
import { LineAssembler } from '../../src/run/log-lines.ts';
import { prefixLines, visibleText } from '../../src/run/log-text.ts';
import { NO_TOTALS } from '../../src/run/started.ts';
import { fc } from '../helpers/properties.ts';
import { anyText } from './any-text.ts';
import { holds } from './property.ts';

const MAX_LINE_BYTES = 8 * 1024;

const CHUNK = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map(bytes => Buffer.from(bytes)),
  fc
    .constantFrom(
      ...[
        '\n',
        '\r\n',
        '\r',
        '\n\n',
        '\u001b[2J\u001b[31m',
        '\u001b]0;x\u0007',
        '\u009b1m',
        '\u202e',
        '\u2028',
        '$&$1',
        'text',
      ],
    )
    .map(text => Buffer.from(text)),
  fc
    .constantFrom([0xff], [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xed, 0xa0, 0x80], [0xc0, 0x80])
    .map(bytes => Buffer.from(bytes)),
  fc
    .tuple(fc.constantFrom('x', 'ü', '😀', '\u001b'), fc.constantFrom(4_095, 8_191, 8_192, 8_193, 20_000))
    .map(([sign, count]) => Buffer.from(sign.repeat(count))),
);
const CHUNKS = fc.array(CHUNK, { maxLength: 12 });

// What is not allowed in a log: all that could move a cursor or pass for another line.
const HIDDEN = /(?![\t\n])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

test('output becomes whole lines that are never too long, in whatever pieces it comes', async t => {
  await holds(
    t,
    CHUNKS,
    chunks => {
      const assembler = new LineAssembler();
      const bytes = Buffer.concat([...chunks.flatMap(chunk => assembler.push(chunk)), ...assembler.end()]);
      const lines = bytes.toString('latin1').split('\n');
      assert.equal(lines.pop(), '', 'the last one ends with a newline too');
      const given = Buffer.concat(chunks).toString('latin1').split('\n');
      if (given.at(-1) === '') given.pop();
      assert.equal(lines.length, given.length);
      for (const [index, line] of lines.entries()) {
        const whole = given[index] ?? '';
        const [, kept = '', cut] = /^(.*) \[(\d+) bytes cut\]$/s.exec(line) ?? [];
        if (whole.length <= MAX_LINE_BYTES) assert.equal(line, whole);
        else
          assert.ok(
            whole.startsWith(kept) &&
              kept.length <= MAX_LINE_BYTES &&
              Number(cut) === whole.length - kept.length,
          );
      }
    },
    { share: 2 },
  );
});

test('a piece of output means the same, cut anywhere', async t => {
  await holds(t, fc.tuple(CHUNKS, fc.array(fc.nat(), { maxLength: 5 })), ([chunks, cuts]) => {
    const whole = Buffer.concat(chunks);
    const places = [0, ...cuts.map(cut => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
    const assembled = (pieces: Buffer[]): string => {
      const assembler = new LineAssembler();
      return Buffer.concat([...pieces.flatMap(piece => assembler.push(piece)), ...assembler.end()]).toString(
        'latin1',
      );
    };
    const pieces = places.slice(1).map((place, index) => whole.subarray(places[index], place));
    assert.equal(assembled(pieces), assembled([whole]));
  });
});

test('what is shown holds nothing that a terminal obeys, and showing it once more changes nothing', async t => {
  await holds(
    t,
    CHUNKS,
    chunks => {
      const bytes = Buffer.concat(chunks);
      const shown = visibleText(bytes);
      assert.doesNotMatch(shown, HIDDEN);
      assert.ok(shown.isWellFormed());
      assert.equal(visibleText(Buffer.from(shown)), shown);
      assert.ok(Buffer.byteLength(shown) <= 6 * bytes.length, 'bounded by what was given');
    },
    { share: 0.3 },
  );
});

test('each line gets its prefix, whatever stands in either', async t => {
  await holds(
    t,
    fc.tuple(
      fc.constantFrom('$& ', '$1', '$$', 'x | '),
      fc.array(fc.constantFrom('$&', '$1', '', 'a'), { minLength: 1, maxLength: 5 }),
    ),
    ([prefix, lines]) => {
      const text = prefixLines(prefix, lines.map(line => `${line}\n`).join(''));
      assert.equal(text, lines.map(line => `${prefix}${line}\n`).join(''));
    },
    { share: 0.3 },
  );
});

const WORD = fc.constantFrom(
  'ready',
  'started',
  'new',
  'failed',
  'exited',
  'ended',
  '',
  'x',
  'READY',
  '__proto__',
  'constructor',
);
const FIELD = fc.oneof(
  fc.nat({ max: 2 ** 31 - 1 }).map(String),
  fc.constantFrom(
    ...[
      '',
      '-1',
      '0',
      'exec',
      'chdir',
      'fork',
      'pipe',
      '1e999',
      'NaN',
      '0x10',
      '65535',
      '9'.repeat(40),
      '1.5',
      '\u0000',
      '\n',
      '__proto__',
    ],
  ),
);

test('a line of the keeper is a report whose numbers are numbers, or it is none', async t => {
  const line = fc
    .tuple(WORD, fc.array(FIELD, { maxLength: 8 }))
    .map(([word, fields]) => [word, ...fields].join(' '));
  await holds(
    t,
    fc.oneof({ weight: 4, arbitrary: line }, { weight: 1, arbitrary: anyText(20) }),
    text => {
      const report = parseKeeperLine(text);
      for (const number of numbersOf(report))
        assert.ok(Number.isFinite(number), `${text}: ${JSON.stringify(report)}`);
      if (report?.kind === 'exited') assert.ok((report.exitCode === null) !== (report.signal === null));
    },
    { share: 2 },
  );
});

function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : [];
}

test('a line of the keeper without its numbers is none: nothing begins with a pid that is no number', () => {
  for (const line of [
    'started',
    'started x',
    'ready 3',
    'exited 0 1',
    'ended 1e',
    'ended 1 2',
    'started 1 2',
    'failed exec',
  ]) {
    assert.equal(parseKeeperLine(line), null, line);
  }
  assert.deepEqual(parseKeeperLine('started 12'), { kind: 'started', pid: 12 });
  assert.deepEqual(parseKeeperLine('ended -1 -1 -1 -1 -1'), { kind: 'ended', usage: NO_TOTALS });
});
