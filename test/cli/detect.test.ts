import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { call, callWith } from './called.ts';

failOnLeaks();

/** 200 values with noise of 3 %; from 120 on 30 % higher; a spike at 60. */
function values(): number[] {
  const random = seededRandom(5);
  return Array.from({ length: 200 }, (_, index) => {
    const level = (index >= 120 ? 1.3 : 1) * (index === 60 ? 3 : 1);
    return 2 * level * Math.exp(0.03 * gaussian(random));
  });
}

const csv = (series: readonly number[]): string =>
  `time,value\n${series.map((value, index) => `${1_700_000_000 + index * 60},${value}`).join('\n')}\n`;

function saved(t: TestContext, name: string, content: string): { root: string; file: string } {
  const root = temporaryFolder(t);
  const file = join(root, name);
  writeFileSync(file, content);
  return { root, file };
}

interface Point {
  index: number;
  time: number | string | null;
  value: number | number[] | null;
  score: number;
  confidence: number;
  event: 'anomaly' | null;
  kind: 'spike' | 'shift' | null;
  start: number | null;
  severity: string | null;
  expected: [number, number] | null;
  votes: Record<string, number | null>;
  column?: string;
}

interface Summary {
  summary: true;
  changePoints: number[];
  points: number;
  seconds: number;
}

function parsed(stdout: string): { points: Point[]; summary: Summary } {
  const lines = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  return { points: lines.slice(0, -1), summary: lines.at(-1) };
}

test('--json prints a line for each point and a summary in the end', async t => {
  const { root, file } = saved(t, 'series.csv', csv(values()));
  const { code, stdout, stderr } = await call('detect', file, '--json', '--root', root);
  assert.deepEqual([code, stderr], [0, '']);
  const { points, summary } = parsed(stdout);
  assert.equal(points.length, 200);
  points.forEach((point, index) => {
    assert.equal(point.index, index);
    assert.equal(point.time, 1_700_000_000 + index * 60);
    assert.ok(point.score >= 0 && point.score < 1 && point.confidence >= 0 && point.confidence <= 1);
  });
  assert.deepEqual([summary.summary, summary.points], [true, 200]);
  assert.ok(summary.seconds > 0);
});

test('a spike and a shift are events, with where they began, their size, and how sure it is', async t => {
  const { root, file } = saved(t, 'series.csv', csv(values()));
  const { points, summary } = parsed((await call('detect', file, '--json', '--root', root)).stdout);
  const events = points.filter(({ event }) => event !== null);
  const [spike, ...rest] = events;
  assert.deepEqual([spike?.index, spike?.kind, spike?.start, spike?.severity], [60, 'spike', 60, 'critical']);
  const shift = rest.find(({ kind }) => kind === 'shift');
  assert.ok(shift !== undefined && shift.index >= 120 && shift.index <= 135, JSON.stringify(rest));
  assert.ok(Math.abs((shift.start ?? 0) - 120) <= 2);
  assert.ok(rest.every(({ index }) => index >= 120 && index <= 135));
  assert.deepEqual(summary.changePoints, [120]);
  assert.ok(
    points
      .filter(({ event }) => event === null)
      .every(({ kind, start, severity }) => kind === null && start === null && severity === null),
  );
});

test('the line of a point is the same whether or not the rest of the series exists', async t => {
  const { root, file } = saved(t, 'whole.csv', csv(values()));
  const half = join(root, 'half.csv');
  writeFileSync(half, csv(values().slice(0, 130)));
  const whole = parsed((await call('detect', file, '--json', '--root', root)).stdout).points;
  const part = parsed((await call('detect', half, '--json', '--root', root)).stdout).points;
  assert.deepEqual(part, whole.slice(0, 130));
});

test('without --json there is a table of events, a plot and a summary', async t => {
  const { root, file } = saved(t, 'series.csv', csv(values()));
  const { code, stdout } = await call('detect', file, '--root', root);
  assert.equal(code, 0);
  assert.match(stdout, /^index\s+time\s+value\s+expected\s+kind\s+size\s+began\s+sure\s+flagged by/);
  assert.match(stdout, /^60\s+1700003600\s.*spike/m);
  assert.match(stdout, /shift\s+\+\d+\.\d%/);
  assert.match(stdout, /[\u2801-\u28ff]/);
  assert.match(
    stdout,
    /event\(s\) .* in 200 points, which took .*; over the whole series: lasting changes at 120/,
  );
});

test('several columns are judged together, each event naming its column', async t => {
  const random = seededRandom(9);
  const rows = Array.from({ length: 150 }, (_, index) => {
    const noise = (): number => Math.exp(0.03 * gaussian(random));
    return `${index},${noise()},${(index >= 100 ? 20 : 10) * noise()}`;
  });
  const { root, file } = saved(t, 'two.csv', `time,seconds,mb\n${rows.join('\n')}\n`);
  const { points } = parsed((await call('detect', file, '--json', '--root', root)).stdout);
  assert.ok(Array.isArray(points[0]?.value) && points[0].value.length === 2);
  const event = points.find(({ event: each }) => each !== null);
  assert.deepEqual([event?.column, event?.index], ['mb', 100]);
  assert.equal(typeof event?.votes['isolation-forest'], 'number');
});

test('standard input is read with -, missing values and all', async t => {
  const root = temporaryFolder(t);
  const input = JSON.stringify(values().map((value, index) => (index % 10 === 9 ? null : value)));
  const { code, stdout } = await callWith(input, 'detect', '-', '--json', '--root', root);
  const { points } = parsed(stdout);
  assert.equal(code, 0);
  assert.deepEqual([points[9]?.value, points[9]?.event, points[9]?.expected], [null, null, null]);
  assert.ok(points.some(({ kind }) => kind === 'shift'));
});

test('a configuration that is named is used, of the part `detection` alone', async t => {
  const { root, file } = saved(t, 'series.csv', csv(values()));
  const configuration = join(root, 'other.yaml');
  writeFileSync(configuration, 'detection: { threshold: 1000, window: 3 }\n');
  const plain = parsed((await call('detect', file, '--json', '--root', root)).stdout).points;
  const other = parsed(
    (await call('detect', file, '--json', '--root', root, '--config', configuration)).stdout,
  ).points;
  assert.ok((plain[60]?.votes['deviation'] ?? 0) > 0.5);
  assert.ok((other[60]?.votes['deviation'] ?? 1) < 0.5);
});

test('the configuration of the workspace is used where there is one', async t => {
  const { root, file } = saved(t, 'series.csv', csv(values()));
  writeFileSync(
    join(root, 'watchkeeper.yaml'),
    'modules: {a: {command: x}}\ndetection: { threshold: 1000 }\n',
  );
  const { points } = parsed((await call('detect', file, '--json', '--root', root)).stdout);
  assert.ok((points[60]?.votes['deviation'] ?? 1) < 0.5);
});

test('what cannot be used is refused in words', async t => {
  const root = temporaryFolder(t);
  const file = join(root, 'series.csv');
  writeFileSync(file, 'time,value\n1,2\n');
  const bad = join(root, 'bad.yaml');
  writeFileSync(bad, 'detection: { period: 1 }\n');
  mkdirSync(join(root, 'folder'));
  for (const [argv, message] of [
    [[], /missing required argument/],
    [[file, file], /too many arguments/],
    [[join(root, 'none.csv')], /none\.csv cannot be read/],
    [[join(root, 'folder')], /cannot be read/],
    [[file, '--period', '0'], /--period takes a whole number/],
    [[file, '--value', 'speed'], /no column 'speed'/],
    [
      [file, '--config', bad],
      /bad\.yaml:1 detection\.period: must be auto or a whole number from 2 to 10000/,
    ],
    [[file, '--config', join(root, 'none.yaml')], /none\.yaml/],
  ] as const) {
    const { code, stdout, stderr } = await call('detect', ...argv, '--root', root);
    assert.deepEqual([code, stdout], [2, ''], stderr);
    assert.match(stderr, message);
  }
});

test('a series with a heading and nothing else is refused', async t => {
  const { root, file } = saved(t, 'empty.csv', 'time,value\n');
  const { code, stderr } = await call('detect', file, '--root', root);
  assert.equal(code, 2);
  assert.match(stderr, /the series is empty/);
});
