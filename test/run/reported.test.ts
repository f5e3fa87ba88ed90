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
  'a line of more than 16 KB': `{"metric":"rows","value":1,"labels":{"x":"${'x'.repeat(17_000)}"}}`,
};

for (const [what, line] of Object.entries(BAD_LINES)) {
  test(`a bad line is counted, and what stands around it holds: ${what}`, async t => {
    const result = await reported(t, { metric: 'rows', value: 5 }, line, latency(0.5));
    const api = { count: 1, errors: 0, p95: 0.5, max: 0.5 };
    assert.deepEqual(result, { ...NOTHING, apiLatencySeconds: 0.5, api, custom: { rows: 5 }, badLines: 1 });
  });
}

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
