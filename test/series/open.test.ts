import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { openSeries } from '../../src/series/open.ts';
import type { Row } from '../../src/series/series.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

failOnLeaks();

interface Read {
  columns: string[];
  rows: Row[];
}

async function read(file: string, input: string, values: string[] | null = null): Promise<Read> {
  const stdin = Readable.from(input === '' ? [] : [Buffer.from(input)]);
  const { columns, rows } = await openSeries(file, stdin, { values });
  const all: Row[] = [];
  for await (const batch of rows) all.push(...batch);
  return { columns, rows: all };
}

const piped = (input: string, values: string[] | null = null): Promise<Read> => read('-', input, values);

function file(t: TestContext, name: string, content: string | Buffer): string {
  const path = join(temporaryFolder(t), name);
  writeFileSync(path, content);
  return path;
}

const NEW_YEAR_MS = Date.UTC(2020, 0, 1);

test('a CSV with time and value is read with its times, in UTC where no zone is said', async () => {
  const { columns, rows } = await piped(
    'timestamp,value\n2020-01-01 00:00:00,1.5\n2020-01-01T01:00:00+01:00,2\n',
  );
  assert.deepEqual(columns, ['value']);
  assert.deepEqual(rows, [
    { time: '2020-01-01 00:00:00', timeMs: NEW_YEAR_MS, values: [1.5] },
    { time: '2020-01-01T01:00:00+01:00', timeMs: NEW_YEAR_MS, values: [2] },
  ]);
});

test('one column of numbers is a series without times', async () => {
  const { columns, rows } = await piped('1\n2\n3\n');
  assert.deepEqual(columns, ['value']);
  assert.deepEqual(
    rows.map(row => [row.time, row.values[0]]),
    [
      [null, 1],
      [null, 2],
      [null, 3],
    ],
  );
});

test('two columns without a heading are time and value; semicolons and tabs separate as well', async () => {
  for (const separator of [',', ';', '\t']) {
    const { rows } = await piped(`1577836800${separator}7\n1577836860${separator}8\n`);
    assert.deepEqual(
      rows.map(row => [row.timeMs, row.values[0]]),
      [
        [NEW_YEAR_MS, 7],
        [NEW_YEAR_MS + 60_000, 8],
      ],
    );
  }
});

test('several columns are a vector, and some of them can be chosen', async () => {
  const text = 'time,instance,seconds,mb\n2020-01-01,a,1,10\n2020-01-02,b,2,20\n';
  const { columns, rows } = await piped(text, ['mb', 'seconds']);
  assert.deepEqual(columns, ['mb', 'seconds']);
  assert.deepEqual(
    rows.map(row => row.values),
    [
      [10, 1],
      [20, 2],
    ],
  );
});

test('a column that counts the rows is no value', async () => {
  for (const heading of ['index,value', ',value', 'run,value']) {
    const { columns, rows } = await piped(`${heading}\n0,5\n1,6\n`);
    assert.deepEqual(columns, ['value']);
    assert.deepEqual(
      rows.map(row => row.values),
      [[5], [6]],
    );
  }
});

test('an empty cell, null and NaN are missing values', async () => {
  const { rows } = await piped('time,value\n1,\n2,null\n3,NaN\n4,0\n');
  assert.deepEqual(
    rows.map(row => row.values[0]),
    [null, null, null, 0],
  );
});

test('a byte order mark and Windows line ends are nothing', async () => {
  const { columns, rows } = await piped('\uFEFFtime,value\r\n1,5\r\n');
  assert.deepEqual([columns, rows[0]?.values], [['value'], [5]]);
});

for (const [name, text] of [
  ['a list of numbers', '[4, null, 6]'],
  ['a list of [time, value]', '[[1, 4], [2, null], [3, 6]]'],
  ['a list of objects', '[{"time":1,"value":4},{"time":2,"value":null},{"time":3,"value":6}]'],
  ['an object a line', '{"time":1,"value":4}\n{"time":2,"value":null}\n{"time":3,"value":6}\n'],
  ['values and times', '{"values":[4,null,6],"times":[1,2,3]}'],
] as const) {
  test(`JSON is read as ${name}`, async () => {
    const { columns, rows } = await piped(text);
    assert.deepEqual(columns, ['value']);
    assert.deepEqual(
      rows.map(row => row.values[0]),
      [4, null, 6],
    );
  });
}

test('a file is read as its name says', async t => {
  assert.deepEqual((await read(file(t, 'a.csv', 'value\n1\n2\n'), '')).rows.length, 2);
  assert.deepEqual((await read(file(t, 'a.json', '[1,2,3]'), '')).rows.length, 3);
});

test('a large file is read whole, in its order', async t => {
  const lines = Array.from({ length: 50_000 }, (_, index) => `${index},${index * 2}`);
  const { rows } = await read(file(t, 'large.csv', `time,value\n${lines.join('\n')}\n`), '');
  assert.equal(rows.length, 50_000);
  assert.ok(rows.every((row, index) => row.values[0] === index * 2));
});

for (const [name, input, message] of [
  ['nothing at all', '', /the series is empty/],
  [
    'a text in the column of values',
    'time,value\n1,2\n2,high\n',
    /line 3: 'high' in the column value is not a number.*--value/s,
  ],
  ['a quote that is never closed', 'value\n1\n"2\n3\n', /never closed.* begins with "2\\n3/],
  ['a file that is cut off in a quote', 'time,value\n1,"2', /never closed/],
  ['UTF-16', String(Buffer.from('\uFEFFtime,value\n1,2\n', 'utf16le')), /no text in UTF-8: save it/],
  ['broken JSON', '{"values": [1,', /is not JSON/],
  ['JSON that is no series', '{"a": 1}', /it must be a list of numbers/],
  ['a broken line of JSON', '{"value":1}\n{"value":', /line 2 is not JSON/],
  ['JSON of mixed kinds', '[{"value":1}, 2]', /item 2 differs in kind/],
  ['nested JSON', '[{"value":{"a":1}}]', /neither numbers nor text/],
  ['only a time', 'time\n2020-01-01\n', /no column of values/],
] as const) {
  test(`refused with words: ${name}`, async () => {
    await assert.rejects(piped(input), { code: 'usage', message });
  });
}

test('a column that is not there is refused with the ones that are', async () => {
  await assert.rejects(piped('time,value\n1,2\n', ['speed']), {
    message: /no column 'speed': the columns are time, value/,
  });
});

test('a file that is not there, or a folder, is refused with its name', async t => {
  const folder = temporaryFolder(t);
  await assert.rejects(read(join(folder, 'none.csv'), ''), {
    code: 'usage',
    message: /none\.csv cannot be read/,
  });
  await assert.rejects(read(folder, ''), { code: 'usage', message: /cannot be read/ });
});
