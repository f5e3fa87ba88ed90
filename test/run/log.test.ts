import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { OutputSink } from '../../src/glossary/child.ts';
import { type ModuleLog, openLog } from '../../src/run/log.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

failOnLeaks();

const TIME = '2026-11-20T12:00:00.000Z';

interface Opened {
  folder: string;
  log: ModuleLog;
  warnings: string[];
  /** Lets time pass for the log. */
  pass(ms: number): void;
  read(file?: string): string;
}

function opened(
  t: TestContext,
  settings: { maxBytes?: number; files?: number; folder?: string } = {},
): Opened {
  const { maxBytes = 1e6, files = 3, folder = join(temporaryFolder(t), 'logs') } = settings;
  const warnings: string[] = [];
  let nowMs = 0;
  const clock = { now: () => Date.parse(TIME), monotonic: () => nowMs };
  const warn = (message: string): void => void warnings.push(message);
  return {
    folder,
    log: openLog({ folder, name: 'collector', maxBytes, files, clock, warn }),
    warnings,
    pass: ms => {
      nowMs += ms;
    },
    read: (file = 'collector.log') => readFileSync(join(folder, file), 'utf8'),
  };
}

async function write(
  sink: OutputSink,
  text: string | Buffer,
  source: 'stdout' | 'stderr' = 'stdout',
): Promise<void> {
  if (!sink.write(Buffer.from(text), source)) await sink.drained();
}

/** What one run's output becomes in the log, without the time. */
async function logged(t: TestContext, ...pieces: (string | Buffer)[]): Promise<string[]> {
  const { log, read } = opened(t);
  const sink = log.sink('run');
  for (const piece of pieces) await write(sink, piece);
  await sink.end();
  return read()
    .slice(0, -1)
    .split('\n')
    .map(line => {
      assert.ok(line.startsWith(`${TIME} run | `), line);
      return line.slice(TIME.length + 7);
    });
}

test('each line has its time, its run and its source', async t => {
  const { log, read } = opened(t);
  const [one, two] = [log.sink('run-1'), log.sink('run-2')];
  await write(one, 'first\nsecond\n');
  await write(two, 'of another run\n', 'stderr');
  await Promise.all([one.end(), two.end()]);
  const lines = ['run-1 | first', 'run-1 | second', 'run-2 ! of another run'];
  assert.equal(read(), lines.map(line => `${TIME} ${line}\n`).join(''));
});

test('a line that comes in pieces is one line, also where the other stream speaks in between', async t => {
  const { log, read } = opened(t);
  const sink = log.sink('run');
  await write(sink, 'to');
  await write(sink, 'er', 'stderr');
  await write(sink, 'geth');
  await write(sink, 'er\nlast');
  await write(sink, 'ror\n', 'stderr');
  await sink.end();
  const lines = ['run | together', 'run ! error', 'run | last'];
  assert.equal(read(), lines.map(line => `${TIME} ${line}\n`).join(''));
});

test('empty lines stay, and a run without output leaves no file', async t => {
  assert.deepEqual(await logged(t, 'a\n\n\nb\n\n'), ['a', '', '', 'b', '']);
  const { log, folder } = opened(t);
  await log.sink('run').end();
  assert.equal(existsSync(folder), false);
});

test('what could move a cursor or hide text is shown as its code', async t => {
  const [colour, bell, c1, direction, crlf, cr, tab, dollar] = await logged(
    t,
    '\x1b[31mred\x1b[0m\nbell\x07\0\x7f\nc1 \u009b2J\nabc\u202edef\u2028\r\nwindows\r\n1%\r2%\na\tb\n$& $1 $$\n',
  );
  assert.equal(colour, '\\x1b[31mred\\x1b[0m');
  assert.equal(bell, 'bell\\x07\\x00\\x7f');
  assert.equal(c1, 'c1 \\x9b2J');
  assert.equal(direction, 'abc\\u202edef\\u2028');
  assert.equal(crlf, 'windows');
  assert.equal(cr, '1%\\x0d2%');
  assert.equal(tab, 'a\tb');
  assert.equal(dollar, '$& $1 $$');
});

test('characters come through whole wherever the pieces end, and bytes that are none are replaced', async t => {
  const text = Buffer.from('Zürich 東京 🚂\n');
  const bytes = Array.from(text, byte => Buffer.of(byte));
  assert.deepEqual(await logged(t, ...bytes), ['Zürich 東京 🚂']);
  assert.deepEqual(await logged(t, Buffer.of(0x61, 0xff, 0x62, 0xc3, 10)), ['a\ufffdb\ufffd']);
});

test('a line over 8 KB is cut and says so, in one piece or in many', async t => {
  const limit = 8_192;
  const fits = 'x'.repeat(limit);
  const long = 'y'.repeat(limit + 3);
  const expected = ['before', fits, `${'y'.repeat(limit)} [3 bytes cut]`, 'after'];
  const text = `before\n${fits}\n${long}\nafter\n`;
  assert.deepEqual(await logged(t, text), expected);
  assert.deepEqual(await logged(t, ...(text.match(/.{1,1000}/gs) ?? [])), expected);
  assert.deepEqual(await logged(t, ...text.split(/(?=\n)/)), expected);
});

test('a cut splits no character, and a line without an end is cut too', async t => {
  const [line] = await logged(t, `${'a'.repeat(8_190)}€€€`);
  assert.equal(line, `${'a'.repeat(8_190)} [9 bytes cut]`);
  const [endless] = await logged(t, ...Array.from({ length: 100 }, () => 'z'.repeat(1_000)));
  assert.equal(endless, `${'z'.repeat(8_192)} [91808 bytes cut]`);
});

test('a full file is set aside; no line is split, and all files stay within their size', async t => {
  const { log, folder, read } = opened(t, { maxBytes: 1_000, files: 3 });
  const sink = log.sink('run');
  for (let n = 0; n < 200; n += 1) await write(sink, `line ${n}\n`);
  await sink.end();
  const files = ['collector.log', 'collector.log.1', 'collector.log.2'];
  assert.deepEqual(readdirSync(folder).sort(), files);
  for (const file of files) assert.ok(statSync(join(folder, file)).size <= 1_000);
  const numbers = [
    ...`${read(files[2])}${read(files[1])}${read(files[0])}`.matchAll(/^.* run \| line (\d+)$/gm),
  ];
  const kept = Array.from({ length: numbers.length }, (_, n) => 200 - numbers.length + n);
  assert.deepEqual(
    numbers.map(match => Number(match[1])),
    kept,
  );
  assert.ok(kept.length > 40);
});

test('one piece of output that is larger than all files is rotated like any other', async t => {
  const { log, folder, read } = opened(t, { maxBytes: 1_000, files: 2 });
  const sink = log.sink('run');
  await write(sink, 'a line of output\n'.repeat(1_000));
  await write(sink, `${'w'.repeat(3_000)}\nlast\n`);
  await sink.end();
  assert.deepEqual(readdirSync(folder).sort(), ['collector.log', 'collector.log.1']);
  assert.equal(read(), `${TIME} run | last\n`);
  assert.match(read('collector.log.1'), /^\S+ run \| w{3000}\n$/);
});

test('a single file begins anew when it is full', async t => {
  const { log, folder, read } = opened(t, { maxBytes: 100, files: 1 });
  const sink = log.sink('run');
  await write(sink, 'one\ntwo\nthree\n');
  await sink.end();
  assert.deepEqual(readdirSync(folder), ['collector.log']);
  assert.equal(read(), `${TIME} run | three\n`);
});

test('a log goes on where it ended, and files that are no longer allowed are removed', async t => {
  const { log, folder, read } = opened(t, { files: 2 });
  mkdirSync(folder);
  writeFileSync(join(folder, 'collector.log'), 'earlier\n');
  for (const name of [
    'collector.log.1',
    'collector.log.2',
    'collector.log.7',
    'collector.log.gz',
    'other.log.9',
  ]) {
    writeFileSync(join(folder, name), 'old\n');
  }
  const sink = log.sink('run');
  await write(sink, 'later\n');
  await sink.end();
  assert.equal(read(), `earlier\n${TIME} run | later\n`);
  assert.deepEqual(readdirSync(folder).sort(), [
    'collector.log',
    'collector.log.1',
    'collector.log.gz',
    'other.log.9',
  ]);
});

test('what a killed supervisor left torn does not mix with the next line', async t => {
  const { log, folder, read } = opened(t);
  mkdirSync(folder);
  writeFileSync(join(folder, 'collector.log'), 'torn');
  const sink = log.sink('run');
  await write(sink, 'whole\n');
  await sink.end();
  assert.equal(read(), `torn\n${TIME} run | whole\n`);
});

test('nobody else may read a log', async t => {
  const { log, folder } = opened(t);
  const before = process.umask(0);
  try {
    const sink = log.sink('run');
    await write(sink, 'private\n');
    await sink.end();
  } finally {
    process.umask(before);
  }
  assert.equal(statSync(join(folder, 'collector.log')).mode & 0o777, 0o600);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
});

test('a log that cannot be written is told once, costs the run nothing, and goes on later', async t => {
  const { log, folder, warnings, pass, read } = opened(t);
  mkdirSync(join(folder, 'collector.log'), { recursive: true });
  const sink = log.sink('run');
  for (const line of ['lost 1\n', 'lost 2\n']) {
    await write(sink, line);
    await sink.drained();
  }
  pass(6_000);
  await write(sink, 'lost 3\n');
  await sink.drained();
  await sink.end();
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /collector\.log cannot be written .*the run goes on/);

  rmdirSync(join(folder, 'collector.log'));
  pass(6_000);
  const next = log.sink('next');
  await write(next, 'kept\n');
  await next.end();
  assert.match(read(), /^\S+ - ! about \d+ bytes of output are missing here: .*\n\S+ next \| kept\n$/);
  assert.match(warnings[1] ?? '', /can be written again/);
  assert.equal(warnings.length, 2);
});

test('a link or something else in the place of a log is left alone', async t => {
  const { log, folder, warnings } = opened(t);
  mkdirSync(folder);
  const target = join(folder, 'precious');
  writeFileSync(target, 'precious\n');
  symlinkSync(target, join(folder, 'collector.log'));
  const sink = log.sink('run');
  await write(sink, 'text\n');
  await sink.end();
  assert.equal(readFileSync(target, 'utf8'), 'precious\n');
  assert.equal(warnings.length, 1);
});

test('a log that somebody removes while it is written begins anew', async t => {
  const { log, folder, pass, read } = opened(t);
  const sink = log.sink('run');
  await write(sink, 'before\n');
  await until('it is written', () => existsSync(folder) && readdirSync(folder).length > 0 && read() !== '');
  rmSync(join(folder, 'collector.log'));
  pass(6_000);
  await write(sink, 'after\n');
  await sink.end();
  assert.equal(read(), `${TIME} run | after\n`);
});

test('a sink asks its writer to wait, so that much output takes little memory', async t => {
  const { log, folder } = opened(t, { maxBytes: 1e6, files: 2 });
  const sink = log.sink('run');
  const piece = Buffer.from(`${'some output of a module'.repeat(3)}\n`.repeat(1_000));
  const before = process.memoryUsage().rss;
  let waits = 0;
  let highest = 0;
  for (let bytes = 0; bytes < 100e6; bytes += piece.length) {
    if (!sink.write(piece, 'stdout')) {
      waits += 1;
      await sink.drained();
    }
    highest = Math.max(highest, process.memoryUsage().rss);
  }
  await sink.end();
  const size = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  assert.ok(waits > 10);
  assert.ok(size <= 2e6);
  assert.ok(highest - before < 150e6, `memory grew by ${(highest - before) / 1e6} MB`);
});

test('what comes after the end is dropped, and a second end does nothing', async t => {
  const { log, read } = opened(t);
  const sink = log.sink('run');
  await write(sink, 'in time\n');
  await sink.end();
  await write(sink, 'too late\n');
  await sink.end();
  await log.close();
  assert.equal(read(), `${TIME} run | in time\n`);
});
