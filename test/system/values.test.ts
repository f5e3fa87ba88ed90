import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reading } from '../../src/system/reading.ts';
import { valuesOf } from '../../src/system/values.ts';

const FIRST: Reading = {
  monotonicMs: 1_000,
  cpu: { busy: 100, all: 1_000 },
  cores: new Map([['0', { busy: 100, all: 500 }]]),
  load: [1, 2, 3],
  memory: { usedMb: 4, availableMb: 5, swapUsedMb: 6 },
  fileSystem: { freeMb: 7, usedPercent: 8 },
  disks: new Map([
    ['sda', { in: 0, out: 1e6 }],
    ['sdb', { in: 0, out: 0 }],
  ]),
  interfaces: new Map([['eth0', { in: 5e6, out: 5e6 }]]),
};

const SECOND: Reading = {
  ...FIRST,
  monotonicMs: 11_000,
  cpu: { busy: 150, all: 1_200 },
  cores: new Map([['0', { busy: 200, all: 600 }]]),
  disks: new Map([
    ['sda', { in: 20e6, out: 1e6 }],
    ['sdb', { in: 10e6, out: 5e6 }],
  ]),
  interfaces: new Map([['eth0', { in: 6e6, out: 5e6 }]]),
};

const LONGEST_MS = 30_000;

/** By metric, with its labels where it has some. */
function shown(before: Reading | null, now: Reading): Record<string, number> {
  return Object.fromEntries(
    valuesOf(before, now, LONGEST_MS).map(({ metric, labels, value }) => [
      [metric, ...Object.entries(labels).flat()].join(' '),
      value,
    ]),
  );
}

const AT_ONCE = {
  ...{ load1: 1, load5: 2, load15: 3, memoryUsedMb: 4, memoryAvailableMb: 5, swapUsedMb: 6 },
  ...{ diskFreeMb: 7, diskUsedPercent: 8 },
};

const BETWEEN = {
  ...{ cpuPercent: 25, 'cpuPercent core 0': 100, diskReadMbPerSecond: 3, diskWrittenMbPerSecond: 0.5 },
  ...{ networkReceivedMbPerSecond: 0.1, networkSentMbPerSecond: 0 },
};

test('shares and rates are between two readings, over all disks and interfaces', () => {
  assert.deepEqual(shown(FIRST, SECOND), { ...AT_ONCE, ...BETWEEN });
});

test('the first reading has no shares and no rates', () => {
  assert.deepEqual(shown(null, FIRST), AT_ONCE);
});

test('a gap, and a clock that stood still, give no shares and no rates', () => {
  assert.deepEqual(shown(FIRST, { ...SECOND, monotonicMs: 31_001 }), AT_ONCE);
  assert.deepEqual(shown(FIRST, { ...SECOND, monotonicMs: 1_000 }), AT_ONCE);
});

test('a counter that has gone back gives no value, and the others stay', () => {
  const { diskReadMbPerSecond: _read, diskWrittenMbPerSecond: _written, ...withoutDisk } = BETWEEN;
  const wrapped = new Map([...SECOND.disks, ['sdb', { in: 10e6, out: -1 }] as const]);
  assert.deepEqual(shown(FIRST, { ...SECOND, disks: wrapped }), { ...AT_ONCE, ...withoutDisk });

  const { cpuPercent: _cpu, ...withoutCpu } = BETWEEN;
  for (const cpu of [{ busy: 99, all: 1_200 }, { busy: 400, all: 1_200 }, FIRST.cpu]) {
    assert.deepEqual(shown(FIRST, { ...SECOND, cpu }), { ...AT_ONCE, ...withoutCpu });
  }
});

test('a device that has come or gone in between has no rate, and brings no jump into the sum', () => {
  const disks = new Map([...SECOND.disks, ['sdc', { in: 9e12, out: 9e12 }] as const]);
  assert.equal(shown(FIRST, { ...SECOND, disks })['diskReadMbPerSecond'], 3);
  const one = new Map([['sda', { in: 20e6, out: 1e6 }]]);
  assert.equal(shown(FIRST, { ...SECOND, disks: one })['diskReadMbPerSecond'], 2);
});

test('what could not be read is left out, never 0', () => {
  const nothing: Reading = {
    ...{ monotonicMs: 11_000, cpu: null, cores: new Map(), load: null, memory: null, fileSystem: null },
    ...{ disks: new Map(), interfaces: new Map() },
  };
  assert.deepEqual(shown(FIRST, nothing), {});
  assert.deepEqual(shown(nothing, SECOND), AT_ONCE);
});
