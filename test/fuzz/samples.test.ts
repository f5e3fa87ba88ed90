import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sample } from '../../src/glossary/sample.ts';
import { HeldSeries } from '../../src/intake/held.ts';
import { parseLine } from '../../src/intake/line.ts';
import { parseCpu, parseDisks, parseInterfaces, parseLoad, parseMemory } from '../../src/system/parse.ts';
import type { Reading } from '../../src/system/reading.ts';
import { valuesOf } from '../../src/system/values.ts';
import { fc } from '../helpers/properties.ts';
import { anyText } from './any-text.ts';
import { holds } from './property.ts';

const NOW = Date.UTC(2026, 10, 20);
const KNOWN = { modules: new Set(['collector']), services: new Set(['feed']), sampled: new Set(['feed']) };

const NAME = fc.constantFrom(
  'a',
  'feed.a',
  'collector.memoryMb',
  '__proto__',
  'a b',
  '',
  'system.x',
  'constructor',
);
const NUMBER = fc.oneof(
  fc.double().map(String),
  fc.constantFrom('1', '-1', '+2', '1e999', 'NaN', '', '1:2:3', '0x1', '1e308', '9007199254740993'),
);
const STATSD = fc
  .tuple(
    NAME,
    NUMBER,
    fc.constantFrom('c', 'g', 'ms', 'h', 'd', 's', 'x', ''),
    fc.constantFrom('', '|@0.1', '|@0', '|@1e-300', '|#a:b,source:feed', '|#__proto__:x', '|T1', '|c:x', '|'),
  )
  .map(([name, value, type, rest]) => `${name}:${value}|${type}${rest}`);
const JSON_LINE = fc
  .record(
    {
      metric: fc.oneof(NAME, fc.jsonValue()),
      value: fc.oneof(fc.double(), fc.jsonValue()),
      source: fc.oneof(NAME, fc.jsonValue()),
      labels: fc.oneof(fc.dictionary(NAME, fc.string()), fc.jsonValue()),
      time: fc.oneof(fc.integer({ min: NOW - 1e8, max: NOW + 1e8 }), fc.jsonValue()),
    },
    { requiredKeys: [] },
  )
  .map(line => JSON.stringify(line));
const LINE = fc.oneof(
  ...[STATSD, JSON_LINE, anyText(80)].map(text => text.map(given => Buffer.from(given))),
  fc.uint8Array({ maxLength: 60 }).map(bytes => Buffer.from(bytes)),
);

function assertSample({ timeMs, source, metric, labels, value }: Sample): void {
  assert.ok(Number.isFinite(value) && Math.abs(timeMs - NOW) <= 86_400_000);
  assert.match(source, /^(?!system$)[a-z][a-z0-9-]{0,62}$/);
  assert.match(metric, /^(?!__proto__|constructor)[A-Za-z_][A-Za-z0-9_.]{0,63}$/);
  assert.ok(!(source === 'collector' && metric === 'memoryMb'));
  for (const [name, text] of Object.entries(labels)) {
    assert.match(name, /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/);
    assert.ok(text.length <= 200 && text.isWellFormed() && !/\p{Cc}/u.test(text));
  }
}

test('whatever lines come, each is refused in words, or its samples are sound', async t => {
  await holds(t, fc.array(LINE, { maxLength: 30 }), lines => {
    const held = new HeldSeries({ series: 5, members: 5, idleFlushes: 1 });
    for (const line of lines) {
      const reports = parseLine(line, KNOWN, NOW);
      if ('problem' in reports) {
        assert.ok(reports.problem.length > 5);
        continue;
      }
      for (const report of reports) {
        const kept = held.add(report, NOW);
        if (typeof kept === 'object' && 'timeMs' in kept) assertSample(kept);
      }
    }
    for (const sample of held.flush(NOW)) assertSample(sample);
  });
});

const WORD = fc.oneof(
  fc.nat().map(String),
  fc.constantFrom(
    'cpu',
    'cpu0',
    '-1',
    'sda',
    'sda1',
    'eth0:',
    'lo:',
    'MemTotal:',
    'MemAvailable:',
    'kB',
    '1e400',
    '',
    'x',
  ),
);
const PROC = fc
  .array(fc.array(WORD, { maxLength: 14 }), { maxLength: 6 })
  .map(lines => lines.map(words => words.join(' ')).join('\n'));

function readingOf(text: string, monotonicMs: number): Reading {
  return {
    ...{ monotonicMs, ...parseCpu(text), load: parseLoad(text), memory: parseMemory(text), fileSystem: null },
    ...{ disks: parseDisks(text), interfaces: parseInterfaces(text) },
  };
}

test('whatever the texts of /proc hold, what is made of them are numbers that can be', async t => {
  await holds(t, fc.tuple(PROC, PROC), ([before, now]) => {
    for (const { metric, value } of valuesOf(readingOf(before, 0), readingOf(now, 10_000), 30_000)) {
      assert.ok(Number.isFinite(value) && value >= 0, `${metric} ${value}`);
      if (metric === 'cpuPercent') assert.ok(value <= 100);
    }
  });
});
