import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, symlinkSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readReportedMetrics } from '../../src/run/reported.ts';
import { NOTHING_REPORTED } from '../helpers/further.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

failOnLeaks();

const NOTHING = NOTHING_REPORTED;

function fileWith(t: TestContext, content: string | Buffer): string {
  const file = join(temporaryFolder(t), 'metrics.jsonl');
  writeFileSync(file, content);
  return file;
}

async function reported(t: TestContext, ...lines: unknown[]): ReturnType<typeof readReportedMetrics> {
  const texts = lines.map(line => (typeof line === 'string' ? line : JSON.stringify(line)));
  return readReportedMetrics(fileWith(t, `${texts.join('\n')}\n`));
}

function latency(value: number): { metric: string; value: number } {
  return { metric: 'apiLatencySeconds', value };
}

test('marks have the time that they say, as a number or in ISO 8601; the last of a name counts', async t => {
  const { marks, badLines } = await reported(
    t,
    { mark: 'setup-end', time: 1_795_176_000_000 },
    { mark: 'setup-end', time: 1_795_176_000_400.5 },
    { mark: 'cleanup-start', time: '2026-11-20T13:00:02.250+01:00' },
  );
  assert.deepEqual(marks, {
    'setup-end': 1_795_176_000_400.5,
    'cleanup-start': Date.UTC(2026, 10, 20, 12, 0, 2, 250),
  });
  assert.equal(badLines, 0);
});

test('setup, cleanup and throughput can be said as numbers, of the same kinds as custom metrics', async t => {
  const { own, custom, badLines } = await reported(
    t,
    { metric: 'setupSeconds', value: 0.25, kind: 'sum' },
    { metric: 'setupSeconds', value: 0.5, kind: 'sum' },
    { metric: 'samplesPerSecond', value: 100, kind: 'mean' },
    { metric: 'samplesPerSecond', value: 300, kind: 'mean' },
  );
  assert.deepEqual(own, { setupSeconds: 0.75, cleanupSeconds: null, samplesPerSecond: 200 });
  assert.deepEqual([custom, badLines], [{}, 0]);
});

test('a label has the last text that it was given', async t => {
  const { labels, badLines } = await reported(
    t,
    { label: 'model', value: 'v3' },
    { label: 'data.set', value: 'Kurse für Köln \u{1f4c8}' },
    { label: 'model', value: 'v4' },
  );
  assert.deepEqual(labels, { model: 'v4', 'data.set': 'Kurse für Köln \u{1f4c8}' });
  assert.equal(badLines, 0);
});

test('a run has at most 20 labels', async t => {
  const lines = Array.from({ length: 22 }, (_, n) => ({ label: `l${n}`, value: String(n) }));
  const { labels, badLines } = await reported(t, ...lines, { label: 'l0', value: 'new' });
  assert.deepEqual([Object.keys(labels).length, labels['l0'], badLines], [20, 'new', 2]);
});

test('a line that names a metric is of that metric, whatever else stands in it', async t => {
  const line = { metric: 'rows', value: 3, label: 'model', mark: 'setup-end', time: 1 };
  assert.deepEqual(await reported(t, line), { ...NOTHING, custom: { rows: 3 } });
});

test('a file that is missing or empty reports nothing', async t => {
  assert.deepEqual(await readReportedMetrics(join(temporaryFolder(t), 'none')), NOTHING);
  assert.deepEqual(await readReportedMetrics(fileWith(t, '')), NOTHING);
  assert.deepEqual(await readReportedMetrics(fileWith(t, '\n \r\n\n')), NOTHING);
});

test('latencies become mean, p95, max, count and errors, failed requests included', async t => {
  const labels = { endpoint: 'GET /klines' };
  const latencies = Array.from({ length: 20 }, (_, n) => latency(n / 4));
  const result = await reported(t, ...latencies, { ...latency(5), error: true, labels });
  assert.deepEqual(result.api, { count: 21, errors: 1, p95: 4.75, max: 5 });
  assert.equal(result.apiLatencySeconds, 2.5);
  assert.equal(result.badLines, 0);
});

test('of a custom metric the last value counts, or the sum, or the mean', async t => {
  const result = await reported(
    t,
    { metric: 'rows', value: 1 },
    { metric: 'rows', value: 3 },
    { metric: 'bytes.read', value: 1, kind: 'sum' },
    { metric: 'bytes.read', value: 3, kind: 'sum' },
    { metric: '_spread', value: 1, kind: 'mean' },
    { metric: '_spread', value: -4, kind: 'mean' },
  );
  assert.deepEqual(result, { ...NOTHING, custom: { rows: 3, 'bytes.read': 4, _spread: -1.5 } });
});

const BAD_LINES = {
  'no JSON': 'rows 12',
  'no object': '[1]',
  null: 'null',
  'no metric': '{"value":1}',
  'no value': '{"metric":"rows"}',
  'a text as value': '{"metric":"rows","value":"1"}',
  'null as value': '{"metric":"rows","value":null}',
  NaN: '{"metric":"rows","value":NaN}',
  'a number beyond all numbers': '{"metric":"rows","value":1e999}',
  'a kind that is none': '{"metric":"rows","value":1,"kind":"max"}',
  'an error that is no boolean': '{"metric":"apiLatencySeconds","value":1,"error":"yes"}',
  'labels that are none': '{"metric":"rows","value":1,"labels":["GET /"]}',
  'a negative latency': '{"metric":"apiLatencySeconds","value":-1}',
  'a measured metric': '{"metric":"memoryMb","value":1}',
  'the name __proto__': '{"metric":"__proto__","value":1}',
  'a name that every object has': '{"metric":"constructor","value":1}',
  'a name with a space': '{"metric":"two words","value":1}',
  'a name that is too long': `{"metric":"${'n'.repeat(65)}","value":1}`,
  'a name that begins with a digit': '{"metric":"1st","value":1}',
  'a metric that is no text': '{"metric":{"toString":1},"value":1}',
  'what the system counts': '{"metric":"diskReadMb","value":1}',
  'a negative setup': '{"metric":"setupSeconds","value":-0.1}',
  'a negative rate': '{"metric":"samplesPerSecond","value":-1}',
  'a mark without a time': '{"mark":"setup-end"}',
  'a mark that is none': '{"mark":"setup-start","time":1795176000000}',
  'a mark whose time is in seconds': '{"mark":"setup-end","time":1795176000.25}',
  'a mark whose time has no time zone': '{"mark":"setup-end","time":"2026-11-20T12:00:00.250"}',
  'a mark whose time is no day': '{"mark":"setup-end","time":"2026-13-20T12:00:00Z"}',
  'a mark beyond all time': '{"mark":"setup-end","time":9e15}',
  'a label without a value': '{"label":"model"}',
  'a label that is a number': '{"label":"batch","value":64}',
  'a label that is empty': '{"label":"model","value":""}',
  'a label over two lines': '{"label":"model","value":"v3\\nv4"}',
  'a label that turns the writing around': '{"label":"model","value":"v3\\u202e"}',
  'a label with half a character': '{"label":"model","value":"v3\\ud83d"}',
  'a label of more than 100 characters': `{"label":"model","value":"${'v'.repeat(101)}"}`,
  'a label with a name that cannot be one': '{"label":"two words","value":"v3"}',
  'a label with a name that every object has': '{"label":"__proto__","value":"v3"}',
  'a line of more than 16 KB': `{"metric":"rows","value":1,"labels":{"x":"${'x'.repeat(17_000)}"}}`,
};

for (const [what, line] of Object.entries(BAD_LINES)) {
  test(`a bad line is counted, and what stands around it holds: ${what}`, async t => {
    const told: number[] = [];
    const content = [{ metric: 'rows', value: 5 }, latency(0.5)].map(each => `${JSON.stringify(each)}\n`);
    const file = fileWith(t, content.join(`${line}\n`));
    const result = await readReportedMetrics(file, number => told.push(number));
    assert.deepEqual(told, [2]);
    const api = { count: 1, errors: 0, p95: 0.5, max: 0.5 };
    assert.deepEqual(result, { ...NOTHING, apiLatencySeconds: 0.5, api, custom: { rows: 5 }, badLines: 1 });
  });
}

test('of a bad line it is told what is wrong, and nothing that stands in it', async t => {
  const told: string[] = [];
  const lines = [
    '',
    '{"metric":"rows-collected","value":7}',
    '{"metric":"s3cret","value":"7"}',
    '{"metric":"cpuPercent","value":7}',
    '{"metric":"rows","value":7}',
    '{"metric":"rows","value":7,"kind":"sum"}',
    '{"metric":"s3cret","value":NaN}',
    '{"label":"s3cret","value":7}',
    '{"mark":"setup-end","time":"s3cret"}',
    '{"name":"s3cret"}',
  ];
  await readReportedMetrics(fileWith(t, lines.join('\n')), (number, { problem }) => {
    told.push(`${number}: ${problem}`);
  });
  const words = [/name must be/, /finite number/, /cpuPercent is measured/, /another one than/, /no JSON/]
    .concat([/label's "value" must be text/, /time zone/, /no "metric"/])
    .map((wanted, index) => wanted.test(told[index] ?? ''));
  assert.deepEqual(
    told.map(each => Number.parseInt(each, 10)),
    [2, 3, 4, 6, 7, 8, 9, 10],
  );
  assert.ok(words.every(Boolean), told.join('\n'));
  assert.doesNotMatch(told.join(), /s3cret/);
});

test('a line that is not UTF-8 is a bad one', async t => {
  const bytes = Buffer.concat([
    Buffer.from('{"metric":"a","value":1,"labels":{"x":"'),
    Buffer.of(0xff, 0xfe),
  ]);
  const content = Buffer.concat([bytes, Buffer.from('"}}\n{"metric":"b","value":1}\n')]);
  assert.deepEqual(await readReportedMetrics(fileWith(t, content)), {
    ...NOTHING,
    custom: { b: 1 },
    badLines: 1,
  });
});

test('a last line without a newline counts if it is whole, and is a bad one if it is torn', async t => {
  const whole = fileWith(t, '{"metric":"a","value":1}\n{"metric":"a","value":2}');
  assert.deepEqual(await readReportedMetrics(whole), { ...NOTHING, custom: { a: 2 } });
  const torn = fileWith(t, '{"metric":"a","value":1}\n{"metric":"a","val');
  assert.deepEqual(await readReportedMetrics(torn), { ...NOTHING, custom: { a: 1 }, badLines: 1 });
});

test('a metric keeps the kind of its first line', async t => {
  const result = await reported(t, { metric: 'a', value: 1, kind: 'sum' }, { metric: 'a', value: 2 });
  assert.deepEqual(result, { ...NOTHING, custom: { a: 1 }, badLines: 1 });
});

test('a sum that leaves the range of numbers stays below it', async t => {
  const huge = { metric: 'a', value: 1.7e308, kind: 'sum' };
  assert.deepEqual(await reported(t, huge, huge), { ...NOTHING, custom: { a: 1.7e308 }, badLines: 1 });
});

test('a mean lies between its values, however far apart they are', async t => {
  const lines = [1.7e308, -1.7e308, -1.2e308].map(value => ({ metric: 'a', value, kind: 'mean' }));
  const { custom, badLines } = await reported(t, ...lines);
  assert.deepEqual([custom, badLines], [{ a: -0.4e308 }, 0]);
});

test('a run has at most 100 custom metrics', async t => {
  const lines = Array.from({ length: 103 }, (_, n) => ({ metric: `m${n}`, value: n }));
  const result = await reported(t, ...lines, { metric: 'm0', value: 7 });
  assert.equal(Object.keys(result.custom).length, 100);
  assert.equal(result.custom['m0'], 7);
  assert.equal(result.badLines, 3);
});

test('what is no regular file is one bad line, and nobody waits for it', async t => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'folder'));
  execFileSync('mkfifo', [join(folder, 'fifo')]);
  writeFileSync(join(folder, 'target'), '{"metric":"a","value":1}\n');
  symlinkSync(join(folder, 'target'), join(folder, 'link'));
  for (const name of ['folder', 'fifo', 'link']) {
    assert.deepEqual(await readReportedMetrics(join(folder, name)), { ...NOTHING, badLines: 1 }, name);
  }
});

test('lines of any length come through whole, wherever the pieces of the file end', async t => {
  const lines = Array.from({ length: 3_000 }, (_, n) => ({
    metric: 'sum',
    value: n,
    kind: 'sum',
    labels: { pad: 'ü'.repeat((n * 7) % 400) },
  }));
  assert.deepEqual(await reported(t, ...lines), { ...NOTHING, custom: { sum: (2_999 * 3_000) / 2 } });
});

test('what stands beyond 64 MB is one bad line', async t => {
  const file = fileWith(t, '{"metric":"a","value":1}\n');
  truncateSync(file, 64 * 2 ** 20);
  const fd = openSync(file, 'a');
  writeSync(fd, '\n{"metric":"a","value":2}\n'.repeat(5));
  closeSync(fd);
  assert.deepEqual((await readReportedMetrics(file)).custom, { a: 1 });
  assert.equal((await readReportedMetrics(file)).badLines, 1);
});

test('while no descriptor is left the file is waited for, and not taken for a bad one', t => {
  const file = fileWith(t, '{"metric":"rows","value":7}\n');
  const script = `
    import { closeSync, openSync } from 'node:fs';
    import { readReportedMetrics } from ${JSON.stringify(new URL('../../src/run/reported.ts', import.meta.url).href)};
    const used = [];
    try { for (;;) used.push(openSync('/dev/null')); } catch {}
    setTimeout(() => used.forEach(fd => closeSync(fd)), 300);
    const { custom, badLines } = await readReportedMetrics(${JSON.stringify(file)});
    console.log(custom.rows, badLines);`;
  const limited = 'ulimit -n 100; exec "$0" --input-type=module -e "$1"';
  const said = execFileSync('bash', ['-c', limited, process.execPath, script], { encoding: 'utf8' });
  assert.equal(said, '7 0\n');
});
