import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLine } from '../../src/intake/line.ts';
import type { Report } from '../../src/intake/report.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const KNOWN = {
  modules: new Set(['collector']),
  services: new Set(['market-feed']),
  sampled: new Set(['market-feed']),
};

const parsed = (text: string) => parseLine(Buffer.from(text), KNOWN, NOW);

function reports(text: string): Report[] {
  const found = parsed(text);
  assert.ok(!('problem' in found), `${text}: ${JSON.stringify(found)}`);
  return found;
}

function problem(line: string | Buffer): string {
  const found = parseLine(Buffer.from(line), KNOWN, NOW);
  assert.ok('problem' in found, `${line} is taken`);
  return found.problem;
}

test('a JSON line reports a value, of now where it has no time', () => {
  const full = '{"metric":"queueLength","value":12,"source":"market-feed","labels":{"queue":"in"}}';
  assert.deepEqual(reports(full), [
    {
      ...{ source: 'market-feed', metric: 'queueLength', labels: { queue: 'in' } },
      said: { kind: 'value', value: 12, timeMs: null },
    },
  ]);
  assert.deepEqual(reports(' {"metric":"a","value":-0.5,"labels":{"n":1,"b":true},"error":false}\r'), [
    {
      ...{ source: 'custom', metric: 'a', labels: { n: '1', b: 'true' } },
      said: { kind: 'value', value: -0.5, timeMs: null },
    },
  ]);
});

const timeOf = (time: unknown): unknown => {
  const [report] = reports(JSON.stringify({ metric: 'a', value: 1, time }));
  return report?.said.kind === 'value' ? report.said.timeMs : null;
};

test('a time is ISO 8601 with a zone or milliseconds, from a day back to a minute ahead', () => {
  assert.equal(timeOf('2026-11-20T12:00:30Z'), NOW + 30_000);
  assert.equal(timeOf('2026-11-20T13:00:00.250+01:00'), NOW + 250);
  assert.equal(timeOf(NOW - 86_400_000), NOW - 86_400_000);
  for (const time of [
    '2026-11-20T12:00:00',
    '2026-11-20',
    'now',
    NOW / 1000,
    NOW + 61_000,
    NOW - 86_400_001,
    null,
    {},
  ])
    assert.match(
      problem(JSON.stringify({ metric: 'a', value: 1, time })),
      /`time` is ISO 8601/,
      String(time),
    );
});

/** Of StatsD text: what the lines report, without their names. */
const said = (text: string): unknown[] => reports(text).map(report => report.said);

test('StatsD text reports counters, gauges and their changes, timers and sets', () => {
  assert.deepEqual(said('a:1|c'), [{ kind: 'counter', add: 1 }]);
  assert.deepEqual(said('a:3|c|@0.1'), [{ kind: 'counter', add: 30 }]);
  assert.deepEqual(said('a:-2|c'), [{ kind: 'counter', add: -2 }]);
  assert.deepEqual(said('a:333|g'), [{ kind: 'gauge', value: 333, isChange: false }]);
  assert.deepEqual(said('a:+4|g'), [{ kind: 'gauge', value: 4, isChange: true }]);
  assert.deepEqual(said('a:-10|g'), [{ kind: 'gauge', value: -10, isChange: true }]);
  assert.deepEqual(said('a:320|ms|@0.5'), [{ kind: 'timer', value: 320, weight: 2 }]);
  for (const type of ['h', 'd'])
    assert.deepEqual(said(`a:.5|${type}`), [{ kind: 'timer', value: 0.5, weight: 1 }]);
  assert.deepEqual(said('a:user:7|s'), [{ kind: 'set', member: 'user:7' }]);
});

test('several values of DogStatsD are several reports, and its tags are labels', () => {
  assert.deepEqual(said('a:1:2:3e1|ms').length, 3);
  const [report] = reports('page.views:1|c|@1|#country:de,fresh,url:http://x,,country:at|c:ci-1|e:it-false');
  assert.deepEqual(report, {
    ...{ source: 'custom', metric: 'page.views', labels: { country: 'at', fresh: 'true', url: 'http://x' } },
    said: { kind: 'counter', add: 1 },
  });
});

const sourceOf = (text: string): string => {
  const [{ source, metric, labels } = { source: '', metric: '', labels: {} }] = reports(text);
  return `${source} ${metric} ${JSON.stringify(labels)}`;
};

test('the source is what is said, else a label, else the first part of the name where it is known, else custom', () => {
  assert.equal(
    sourceOf('{"metric":"a","value":1,"source":"x","labels":{"source":"y"}}'),
    'x a {"source":"y"}',
  );
  assert.equal(sourceOf('{"metric":"a","value":1,"labels":{"source":"y","b":"c"}}'), 'y a {"b":"c"}');
  assert.equal(sourceOf('b.a:1|c|#source:y,service:z'), 'y b.a {"service":"z"}');
  assert.equal(sourceOf('b-b.a:1|c|#service:b-b'), 'b-b a {}');
  assert.equal(sourceOf('a:1|c|#service:z'), 'z a {}');
  assert.equal(sourceOf('market-feed.queue.length:1|c'), 'market-feed queue.length {}');
  assert.equal(sourceOf('collector.rows:1|c'), 'collector rows {}');
  assert.equal(sourceOf('other.rows:1|c'), 'custom other.rows {}');
  assert.equal(sourceOf('collector:1|c'), 'custom collector {}');
});

test('names that are wrong, taken or dangerous are refused', () => {
  const json = (part: object): string => problem(JSON.stringify({ metric: 'a', value: 1, ...part }));
  for (const metric of ['', '1a', 'a-b', 'a b', '__proto__', 'constructor', 'a'.repeat(65), 'ä', '.a'])
    assert.match(json({ metric }), /a metric is named by/, metric);
  for (const source of ['', 'A', 'system', '__proto__', 'constructor', 'a'.repeat(64), 'a_b', 'a\n'])
    assert.match(json({ source }), /a source is named like a module/, source);
  assert.match(problem('a:1|c|#service:system'), /a source is named like a module/);
  assert.match(problem('collector.memoryMb:1|g'), /memoryMb of a module is measured/);
  assert.match(problem(`${'a'.repeat(59)}:1|ms`), /at most 58 characters/);
  assert.match(problem('market-feed.memoryMb:1|g'), /memoryMb of a service is measured/);
  assert.equal(reports('market-feed.cpuPercent:1|g').length, 1, 'of a service nobody measures it');
  const unsampled = parseLine(Buffer.from('market-feed.memoryMb:1|g'), { ...KNOWN, sampled: new Set() }, NOW);
  assert.ok(!('problem' in unsampled), 'nor its memory, where services are not sampled');
});

test('labels that are wrong are refused', () => {
  const json = (labels: unknown): string => problem(JSON.stringify({ metric: 'a', value: 1, labels }));
  for (const labels of [[], 'x', null, { a: null }, { a: {} }])
    assert.match(json(labels), /`labels` is no mapping/);
  assert.match(problem('{"metric":"a","value":1,"labels":{"__proto__":"x"}}'), /a label is named by/);
  for (const name of ['', 'a b', '1', 'constructor'])
    assert.match(json({ [name]: 'x' }), /a label is named by/);
  for (const value of ['a\nb', '\u0000', '\u001b[2J', '\ud800', 'x'.repeat(201)])
    assert.match(json({ a: value }), /a label's value is/);
  const many = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`l${index}`, 'x']));
  assert.match(json(many), /more than 16 labels/);
});

test('what is no line is refused, and never thrown', () => {
  for (const value of ['1e999', '-1e999', '"1"', 'null', 'NaN', 'true'])
    assert.match(problem(`{"metric":"a","value":${value}}`), /`value` is no finite number|is none/, value);
  for (const text of [
    '{',
    '{}x',
    '{"metric":1,"value":1}',
    '{"metric":"a"}',
    '{"metric":"a","value":1,"source":1}',
  ])
    assert.ok(problem(text).length > 0, text);
  for (const text of ['a', 'a:1', ':1|c', 'a|c', '[1]', '"a"', '_e{1,1}:a|b', '_sc|a|0'])
    assert.ok(problem(text).length > 0, text);
  for (const text of [
    'a:|c',
    'a:x|c',
    'a:NaN|g',
    'a:1e999|g',
    'a:Infinity|c',
    'a:0x10|c',
    'a:1:|ms',
    'a:1 2|c',
  ])
    assert.match(problem(text), /no finite number/, text);
  for (const text of ['a:1|', 'a:1|x', 'a:1|m']) assert.match(problem(text), /the types are/, text);
  for (const rate of ['0', '-1', '1.1', 'x', '', '1e-300'])
    assert.match(problem(`a:1|c|@${rate}`), /sampling rate/, rate);
  assert.match(problem('a:1|c|T1656581400'), /after the type come/);
  assert.match(problem('a:|s'), /a member of a set/);
  assert.match(problem('a:1|c|#b:\u0000'), /control character/);
  assert.match(problem(Buffer.from([0x61, 0xff, 0x3a])), /no UTF-8/);
});

test('an empty line reports nothing', () => {
  for (const text of ['', ' ', '\r']) assert.deepEqual(reports(text), []);
});
