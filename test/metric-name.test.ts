import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricText, parseMetricName } from '../src/metric-name.ts';
import { fc } from './helpers/properties.ts';

test('a metric is a source and a name, with labels where it has some', () => {
  assert.deepEqual(parseMetricName('collector.runtimeSeconds'), {
    source: 'collector',
    metric: 'runtimeSeconds',
    labels: null,
  });
  assert.deepEqual(parseMetricName('system.cpuPercent{core=0}')?.labels, { core: '0' });
  assert.deepEqual(parseMetricName('feed.latency.p95{ queue=in , host="a, b" }'), {
    source: 'feed',
    metric: 'latency.p95',
    labels: { queue: 'in', host: 'a, b' },
  });
  assert.deepEqual(parseMetricName('system.cpuPercent{}')?.labels, {});
  assert.deepEqual(parseMetricName('a.m{x=}')?.labels, { x: '' });
});

test('what names no metric is none', () => {
  for (const text of [
    ...['', 'collector', '.runtimeSeconds', 'Collector.x', 'a.1x', 'a.b c', 'a.b{', 'a.b{c}', 'a.b{c=d}e'],
    ...[
      'a.b{c="d}',
      'a.b{c="d"e}',
      'a.b{1=2}',
      `a.${'x'.repeat(65)}`,
      `${'x'.repeat(64)}.m`,
      'a.b\n',
      '\u001b[31m.x',
    ],
  ])
    assert.equal(parseMetricName(text), null, JSON.stringify(text));
});

test('a name that is written can be read again, whatever its labels say', () => {
  const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/).filter(name => name !== '__proto__');
  const text = fc.string({ unit: 'binary', maxLength: 8 });
  const name = fc.record(
    {
      source: fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
      metric: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.]{0,8}$/),
      labels: fc.dictionary(key, text, { minKeys: 1, noNullPrototype: true }),
    },
    { noNullPrototype: true },
  );
  fc.assert(fc.property(name, given => assert.deepEqual(parseMetricName(metricText(given)), given)));
});
