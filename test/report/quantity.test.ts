import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  metricTitle,
  percentText,
  quantity,
  signedPercent,
  signedQuantity,
  unitOf,
} from '../../src/report/quantity.ts';

test('the unit of a metric is the end of its name', () => {
  const units = [
    ...[
      'runtimeSeconds',
      'apiLatencySeconds',
      'cpuPercent',
      'diskFreeMb',
      'diskReadMbPerSecond',
      'readBytes',
    ],
    'rows',
  ].map(unitOf);
  assert.deepEqual(units, ['seconds', 'latency', 'percent', 'megabytes', 'rate', 'bytes', 'plain']);
});

test('metrics of ours have a title, those of a module keep their names', () => {
  const names = [
    'runtimeSeconds',
    'cpuPercent',
    'diskFreeMb',
    'networkSentMbPerSecond',
    'rowsCollected',
    'a <b>',
    'loadPerSecond',
  ];
  assert.deepEqual(names.map(metricTitle), [
    ...['Runtime', 'CPU', 'Disk free', 'Network sent', 'rowsCollected', 'a <b>', 'loadPerSecond'],
  ]);
});

test('times are in the unit that a person would choose', () => {
  const texts = [0.0042, 0.063, 0.43, 3.1, 12.34, 59.9, 61, 240, 245, 7325, 0].map(value =>
    quantity(value, 'seconds'),
  );
  assert.deepEqual(texts, [
    ...[
      '4.20 ms',
      '63.0 ms',
      '0.43 s',
      '3.10 s',
      '12.3 s',
      '59.9 s',
      '1 min 1 s',
      '4 min',
      '4 min 5 s',
      '2 h 2 min',
    ],
    '0.00 ms',
  ]);
  assert.deepEqual(
    [0.43, 1.2].map(value => quantity(value, 'latency')),
    ['430 ms', '1.20 s'],
  );
});

test('sizes, shares and numbers are short, and big ones grouped', () => {
  assert.deepEqual(
    [93.24, 640, 1234, 1_234_567].map(value => quantity(value, 'megabytes')),
    ['93.2 MB', '640 MB', '1.2 GB', '1.2 TB'],
  );
  assert.deepEqual(
    [0, 0.000068, 0.074, 6.16, 1200].map(value => quantity(value, 'rate')),
    ['0 kB/s', '0.068 kB/s', '74 kB/s', '6.16 MB/s', '1.20 GB/s'],
  );
  assert.deepEqual(
    [0.27, 4.4, 58.3, 412].map(value => quantity(value, 'percent')),
    ['0.3 %', '4.4 %', '58 %', '412 %'],
  );
  assert.deepEqual(
    [0, 7, 0.934, 1234, 123_456, 2_500_000, 1e9, 1e25, -3.5, 0.00012].map(value => quantity(value, 'plain')),
    ['0', '7', '0.93', '1,234', '123 k', '2.50 M', '1 G', '10,000,000,000,000 T', '−3.50', '0.00012'],
  );
});

test('a difference has its sign, and a share is never rounded to all or to nothing', () => {
  assert.equal(signedQuantity(0.04, 'seconds'), '+40.0 ms');
  assert.equal(signedQuantity(-12, 'megabytes'), '−12 MB');
  assert.deepEqual([18.74, -3.2, 153, 1234].map(signedPercent), ['+18.7 %', '−3.2 %', '+153 %', '+1,234 %']);
  assert.deepEqual([100, 0, 99.9999, 0.0001, 99.24, 50].map(percentText), [
    ...['100 %', '0 %', '99.99 %', '0.01 %', '99.24 %', '50.0 %'],
  ]);
});
