import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOption, durationOption } from '../../src/cli/duration.ts';
import { ago, deviation, furtherCells, metricColumns, NONE, seconds } from '../../src/cli/format.ts';
import { NOTHING_FURTHER } from '../helpers/further.ts';

test('figures have the digits that a person compares, each with its unit', () => {
  const columns = (value: number) =>
    metricColumns({ runtimeSeconds: value, cpuPercent: value, memoryMb: value, apiLatencySeconds: value });
  assert.deepEqual(columns(0.43), ['0.43 s', '0 %', '0.4 MB', '430 ms']);
  assert.deepEqual(columns(12.345), ['12.3 s', '12 %', '12.3 MB', '12.3 s']);
  assert.deepEqual(columns(245), ['4 min 5 s', '245 %', '245 MB', '4 min 5 s']);
  assert.equal(columns(0.0021)[3], '2.1 ms');
  assert.equal(seconds(3_661), '1 h 1 min');
  assert.equal(seconds(null), NONE);
});

test('a deviation has its sign, and the short name of a metric; a custom one has its own', () => {
  const mark = (metric: string, deviationPercent: number | null, direction: 'above' | 'below'): string =>
    deviation({ metric, deviationPercent, direction });
  assert.equal(mark('runtimeSeconds', 88.37, 'above'), 'runtime +88.4%');
  assert.equal(mark('cpuPercent', 60, 'below'), 'cpu -60.0%');
  assert.equal(mark('rows', 100, 'below'), 'rows -100.0%');
  assert.equal(mark('constructor', null, 'above'), 'constructor above');
});

test('times that are past are told in the largest unit that fits', () => {
  const now = Date.parse('2026-01-10T00:00:00Z');
  const before = (secondsAgo: number): string => ago(new Date(now - secondsAgo * 1000).toISOString(), now);
  assert.deepEqual([0, 59, 60, 3_599, 3_600, 86_399, 86_400, 9 * 86_400].map(before), [
    '0 s ago',
    '59 s ago',
    '1 min ago',
    '59 min ago',
    '1 h ago',
    '23 h ago',
    '1 d ago',
    '9 d ago',
  ]);
  assert.equal(before(-30), '0 s ago');
});

test('a duration on the command line has a number and a unit', () => {
  assert.deepEqual(
    ['500ms', '90s', '30m', '24h', '7d', '1h30m', '1.5h'].map(text => durationOption('--since', text)),
    [500, 90_000, 1_800_000, 86_400_000, 604_800_000, 5_400_000, 5_400_000],
  );
  for (const wrong of ['', '24', 'h', '30m1h', '-1h', '24 h', 'yesterday', '1y'])
    assert.throws(() => durationOption('--since', wrong), /--since takes a duration such as/, wrong);
});

test('a count on the command line is a whole number from 1 on', () => {
  assert.deepEqual([countOption('-n', '1'), countOption('-n', '1000')], [1, 1000]);
  for (const wrong of ['', '0', '-1', '1.5', '1e3', 'x', '9'.repeat(30)])
    assert.throws(() => countOption('-n', wrong), /-n takes a whole number/, wrong);
});

test('a metric of which less is worse says what its deviation means', () => {
  const mark = (metric: string, direction: 'above' | 'below'): string =>
    deviation({ metric, deviationPercent: 12, direction });
  assert.equal(mark('accuracy', 'below'), 'accuracy -12.0% (worse)');
  assert.equal(mark('f1Score', 'above'), 'f1Score +12.0% (better)');
  assert.equal(mark('samplesPerSecond', 'below'), 'throughput -12.0% (worse)');
  assert.equal(mark('diskWrittenMb', 'above'), 'disk writes +12.0%');
});

test('what a run need not have is told where it has it, and disk traffic from a megabyte on', () => {
  const nothing = NOTHING_FURTHER;
  assert.deepEqual(furtherCells(nothing), []);
  assert.deepEqual(
    furtherCells({ ...nothing, setupSeconds: 0.4, cleanupSeconds: 0, samplesPerSecond: 1234.5 }),
    ['setup 0.40 s', 'cleanup 0.0 ms', '1230/s'],
  );
  assert.deepEqual(furtherCells({ ...nothing, diskReadMb: 0.99, diskWrittenMb: 20 }), ['wrote 20.0 MB']);
});
