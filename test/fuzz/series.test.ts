import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callWith } from '../cli/called.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { fc } from '../helpers/properties.ts';
import { anyText } from './any-text.ts';
import { holds } from './property.ts';

failOnLeaks();

const CELL = fc.oneof(
  { weight: 6, arbitrary: fc.double().map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      'null',
      'NaN',
      '1e999',
      '-0',
      '0x10',
      '"',
      '""',
      '1,5',
      '2026-11-20 12:00',
    ),
  },
  { weight: 1, arbitrary: anyText(6) },
);

const CSV = fc
  .tuple(
    fc.constantFrom(',', ';', '\t', '|'),
    fc.constantFrom('', 'time,value', 'a,b,c', 'value', ',value', '"time","value"'),
    fc.array(fc.array(CELL, { maxLength: 4 }), { maxLength: 60 }),
    fc.constantFrom('\n', '\r\n', '\r'),
  )
  .map(([separator, heading, rows, end]) => [heading, ...rows.map(cells => cells.join(separator))].join(end));

const JSON_TEXT = fc
  .oneof(
    fc.jsonValue(),
    fc.array(fc.oneof(fc.double(), fc.constant(null)), { maxLength: 60 }),
    fc.array(fc.record({ time: fc.integer(), value: fc.double() }), { maxLength: 30 }),
  )
  .map(value => JSON.stringify(value));

const LINE = /^(\{.*\})?$/;

test('any text is a series, or is refused in words; what is printed is JSON with scores within bounds', async t => {
  await holds(t, fc.oneof(CSV, JSON_TEXT, anyText(200)), async input => {
    const { code, stdout, stderr } = await callWith(input, 'detect', '-', '--json', '--root', '/nonexistent');
    assert.ok(code === 0 || code === 2, `${code}: ${stderr}`);
    assert.equal(stderr === '', code === 0);
    assert.doesNotMatch(stderr, /^\s+at /m, 'for a person, not for a programmer');
    for (const line of stdout.split('\n')) {
      assert.match(line, LINE);
      if (line === '') continue;
      const point = JSON.parse(line);
      if (point.summary === true) continue;
      assert.ok(point.score >= 0 && point.score < 1 && point.confidence >= 0 && point.confidence <= 1, line);
    }
  });
});
