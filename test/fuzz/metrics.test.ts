import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { REPORTED_METRICS, type ReportedMetrics } from '../../src/glossary/run.ts';
import { readReportedMetrics } from '../../src/run/reported.ts';
import { NOTHING_REPORTED } from '../helpers/further.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { fc } from '../helpers/properties.ts';
import { anyText } from './any-text.ts';
import { referenceOf } from './metrics-reference.ts';
import { holds } from './property.ts';

failOnLeaks();

const FOLDER = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-fuzz-')));
const FILE = join(FOLDER, 'metrics.jsonl');
after(() => rmSync(FOLDER, { recursive: true }));

async function read(content: string | Buffer): Promise<ReportedMetrics> {
  writeFileSync(FILE, content);
  return readReportedMetrics(FILE);
}

/** All figures near to those of the reference (its sums run in another order), all counts the same. */
function assertAlike(actual: ReportedMetrics, expected: ReportedMetrics): void {
  assert.deepEqual(Object.keys(actual.custom), Object.keys(expected.custom));
  assert.deepEqual(
    { bad: actual.badLines, count: actual.api?.count, errors: actual.api?.errors },
    { bad: expected.badLines, count: expected.api?.count, errors: expected.api?.errors },
  );
  assertNear(actual.apiLatencySeconds, expected.apiLatencySeconds, expected.api?.max ?? 0);
  assertNear(actual.api?.p95 ?? null, expected.api?.p95 ?? null, expected.api?.max ?? 0);
  assert.equal(actual.api?.max, expected.api?.max);
  assert.deepEqual([actual.marks, actual.labels], [expected.marks, expected.labels]);
  for (const name of REPORTED_METRICS) assertNear(actual.own[name], expected.own[name], 1e6);
  // Of a mean the noise is as large as the largest value that went into it, which the total does not show.
  for (const [name, value] of Object.entries(actual.custom))
    assertNear(value, expected.custom[name] ?? null, 1e6);
}

function assertNear(actual: number | null, expected: number | null, size: number): void {
  if (actual === null || expected === null) {
    assert.equal(actual, expected);
    return;
  }
  assert.ok(Number.isFinite(actual));
  const slack = Math.max(size, Math.abs(expected)) * 1e-9 + 1e-300;
  assert.ok(Math.abs(actual - expected) <= slack, `${actual} is not ${expected}`);
}

const NAME = fc.oneof(
  fc.constantFrom('apiLatencySeconds', 'rows', 'bytes.read', '_x', 'a'.repeat(64)),
  fc.constantFrom('setupSeconds', 'cleanupSeconds', 'samplesPerSecond', 'diskReadMb', 'contextSwitches'),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'memoryMb',
    'runtimeSeconds',
    '',
    '1a',
    'a b',
    'a'.repeat(65),
    'é',
    'rows\n',
  ),
);
const VALUE = fc.oneof(
  { weight: 3, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }).map(String) },
  fc.constantFrom(
    '0',
    '-0',
    '1e-320',
    '5e-324',
    '0.1',
    '1e999',
    '-1e999',
    'NaN',
    'null',
    '"1"',
    '[]',
    '1e',
    '01',
    '.5',
    '1e6',
  ),
);
const KIND = fc.constantFrom(
  '',
  '',
  ',"kind":"last"',
  ',"kind":"sum"',
  ',"kind":"mean"',
  ',"kind":"max"',
  ',"kind":null',
  ',"kind":["sum"]',
);
const REST = fc.constantFrom(
  ...[
    '',
    '',
    '',
    ',"error":true',
    ',"error":false',
    ',"error":1',
    ',"error":null',
    ',"labels":{"a":1}',
    ',"labels":[]',
    ',"labels":null',
  ],
  ...[
    ',"metric":"rows"',
    ',"value":2',
    ',"__proto__":{"value":3}',
    ',"__proto__":null',
    ',"toString":1',
    ',"hasOwnProperty":1',
  ],
  ...[
    `,"labels":{"x":"${'x'.repeat(16_200)}"}`,
    `,"labels":{"x":"${'x'.repeat(16_300)}ü"}`,
    `,"labels":${'['.repeat(3_000)}${']'.repeat(3_000)}`,
  ],
);

/** One line, nearly a good one. */
const LINE = fc
  .tuple(NAME, VALUE, KIND, REST)
  .map(([name, value, kind, rest]) => `{"metric":${JSON.stringify(name)},"value":${value}${kind}${rest}}`);

const TIME = fc.oneof(
  fc.integer({ min: 99_999_999_990, max: 100_000_000_010 }).map(String),
  fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
    .map(date => `"${date.toISOString()}"`),
  fc.constantFrom(
    ...[
      '1795176000000.5',
      '1795176000',
      '-1795176000000',
      '8640000000000000',
      '8640000000000001',
      'null',
      '[]',
    ],
    ...['2026-11-20T12:00:00Z', '2026-11-20T12:00:00.123456789+01:30', '2026-11-20T12:00:00'].map(
      text => `"${text}"`,
    ),
    ...[
      '2026-11-20',
      '2026-13-20T12:00:00Z',
      '2026-11-20T12:00:00.0000000001Z',
      '20 Nov 2026 12:00 UTC',
      '',
    ].map(text => `"${text}"`),
  ),
);

/** A mark or a label, or nearly one. */
const SAYING = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('"setup-end"', '"cleanup-start"', '"setup-start"', '"toString"', 'null', '1'),
      TIME,
    )
    .map(([mark, time]) => `{"mark":${mark},"time":${time}}`),
  fc.constantFrom('{"mark":"setup-end"}', '{"label":"model"}', '{"label":"a","value":1}'),
  fc
    .tuple(fc.constantFrom('"label"', '"mark"', '"labels"'), NAME, anyText(8), REST)
    .map(
      ([key, name, value, rest]) =>
        `{${key}:${JSON.stringify(name)},"value":${JSON.stringify(value)}${rest}}`,
    ),
  fc
    .tuple(
      fc.nat(30),
      fc.constantFrom('v3', 'ü'.repeat(100), 'x'.repeat(101), 'a\u202eb', '\u0007', '\ud800'),
    )
    .map(([label, value]) => `{"label":"l${label}","value":"${value}"}`),
);

const KINDS = new Map([
  ['rows', { kind: 'mean' }],
  ['bytes', { kind: 'sum' }],
]);

/** Of the same few names, so that there is something to add up. */
const GOOD_LINE = fc
  .tuple(
    fc.constantFrom('apiLatencySeconds', 'rows', 'bytes'),
    fc.double({ min: 0, max: 1e6, noNaN: true }),
    fc.boolean(),
  )
  .map(([metric, value, error]) => {
    const kind = KINDS.get(metric) ?? {};
    return JSON.stringify({ metric, value, error, ...kind });
  });

const OTHER = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      ' ',
      '\r',
      '\t \r',
      '\uFEFF',
      'null',
      '[]',
      '{}',
      '1',
      '"x"',
      '{',
      '}',
      '\u0000',
      '\u2028',
      'x'.repeat(16_385),
    ],
  ),
  anyText(20),
  fc
    .array(fc.constantFrom('{', '}', '"', 'metric', 'value', ':', ',', '1', '[', ']', '\\', '\\u'), {
      maxLength: 20,
    })
    .map(parts => parts.join('')),
);

const LINES = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: GOOD_LINE },
    { weight: 3, arbitrary: LINE },
    { weight: 3, arbitrary: SAYING },
    OTHER,
  ),
  { maxLength: 60 },
);

/** A file of such lines, with or without a last newline, cut off somewhere, with some bytes changed. */
const CONTENT = fc
  .tuple(
    LINES,
    fc.constantFrom('\n', '\n', '\r\n', '\n\n'),
    fc.boolean(),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 2 }),
    fc.option(fc.nat()),
  )
  .map(([lines, separator, ended, changes, cut]) => {
    const bytes = Buffer.from(lines.join(separator) + (ended ? separator : ''));
    for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
    return cut === null ? bytes : bytes.subarray(0, cut % (bytes.length + 1));
  });

test('the totals of any file are those that a plain reading finds', async t => {
  await holds(t, CONTENT, async content => assertAlike(await read(content), referenceOf(content)), {
    share: 1,
  });
});

test('any bytes are read', async t => {
  const bytes = fc.uint8Array({ maxLength: 500 }).map(each => Buffer.from(each));
  await holds(t, bytes, async content => assertAlike(await read(content), referenceOf(content)));
});

test('the last value and the sum are exact', async t => {
  const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }), {
    minLength: 1,
    maxLength: 30,
  });
  await holds(t, values, async all => {
    const lines = all.flatMap(value => [
      { metric: 'last', value },
      { metric: 'sum', value, kind: 'sum' },
    ]);
    const { custom, badLines } = await read(lines.map(line => `${JSON.stringify(line)}\n`).join(''));
    assert.deepEqual(custom, {
      last: all.at(-1) === 0 ? 0 : all.at(-1),
      sum: all.reduce((sum, value) => sum + (value + 0), 0),
    });
    assert.equal(badLines, 0);
  });
});

test('figures at the ends of the range of numbers stay numbers, and a mean stays within its values', async t => {
  const edge = fc.constantFrom(...[Number.MAX_VALUE, 1.7e308, Number.MIN_VALUE, 1e-310, 1e308, 0, 1]);
  await holds(t, fc.array(edge, { minLength: 1, maxLength: 30 }), async values => {
    const lines = values.flatMap(value => [
      { metric: 'apiLatencySeconds', value },
      { metric: 'm', value, kind: 'mean' },
    ]);
    const { apiLatencySeconds, api, custom, badLines } = await read(
      lines.map(line => `${JSON.stringify(line)}\n`).join(''),
    );
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const isWithin = (figure: number | null | undefined): boolean =>
      typeof figure === 'number' &&
      figure >= least * (1 - 1e-9) &&
      figure <= most * (1 + 1e-15) &&
      Number.isFinite(figure);
    assert.deepEqual(
      { badLines, count: api?.count, max: api?.max },
      { badLines: 0, count: values.length, max: most },
    );
    for (const figure of [apiLatencySeconds, api?.p95, custom['m']]) assert.ok(isWithin(figure), `${figure}`);
  });
});

test('a file that grows while it is read is read up to a line of it, and the rest is there the next time', async t => {
  await holds(
    t,
    fc.array(fc.nat(200), { minLength: 1, maxLength: 20 }),
    async pieces => {
      writeFileSync(FILE, '');
      const line = '{"metric":"rows","value":1,"kind":"sum"}\n';
      const whole = Buffer.from(
        line.repeat(Math.ceil(pieces.reduce((sum, size) => sum + size, 1) / line.length)),
      );
      let at = 0;
      const reads: Promise<ReportedMetrics>[] = [];
      for (const size of pieces) {
        appendFileSync(FILE, whole.subarray(at, at + size));
        at += size;
        reads.push(readReportedMetrics(FILE));
      }
      const lines = whole.length / line.length;
      for (const { custom, badLines, api } of await Promise.all(reads)) {
        assert.ok((custom['rows'] ?? 0) <= lines && badLines <= 1 && api === null);
      }
      writeFileSync(FILE, whole);
      assert.deepEqual(await readReportedMetrics(FILE), { ...NOTHING_REPORTED, custom: { rows: lines } });
    },
    { share: 0.2 },
  );
});

test('the mean of the largest number there is, is that number', async () => {
  const line = `{"metric":"apiLatencySeconds","value":${Number.MAX_VALUE}}\n`;
  assert.equal((await read(line.repeat(3))).apiLatencySeconds, Number.MAX_VALUE);
});
