import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCpu, parseDisks, parseInterfaces, parseLoad, parseMemory } from '../../src/system/parse.ts';

test('CPU time is all but idle and waiting for a disk; a guest, which is in user time already, counts once', () => {
  const text = [
    'cpu  100 20 30 800 50 1 2 7 90 10',
    'cpu0 60 20 10 400 10 1 2 7 90 10',
    'cpu11 40 0 20 400 40 0 0 0 0 0',
    'intr 1051601 0 0',
    'ctxt 1978444',
  ].join('\n');
  assert.deepEqual(parseCpu(text), {
    cpu: { busy: 160, all: 1010 },
    cores: new Map([
      ['0', { busy: 100, all: 510 }],
      ['11', { busy: 60, all: 500 }],
    ]),
  });
});

test('of an old kernel, which says only four times, the four are taken', () => {
  assert.deepEqual(parseCpu('cpu  100 20 30 850\n').cpu, { busy: 150, all: 1000 });
});

test('the load is the three means', () => {
  assert.deepEqual(parseLoad('2.42 1.28 0.64 5/153 5276\n'), [2.42, 1.28, 0.64]);
  assert.equal(parseLoad('2.42 1.28'), null);
});

test('memory is used where it is not available, in millions of bytes', () => {
  const text =
    'MemTotal:        1000 kB\nMemFree: 100 kB\nMemAvailable:     750 kB\nSwapTotal: 500 kB\nSwapFree: 400 kB\n';
  assert.deepEqual(parseMemory(text), { usedMb: 0.256, availableMb: 0.768, swapUsedMb: 0.1024 });
  assert.deepEqual(parseMemory(text.replace(/Swap.*\n/g, '')), {
    ...{ usedMb: 0.256, availableMb: 0.768, swapUsedMb: null },
  });
  assert.equal(parseMemory(text.replace('MemAvailable', 'MemOther')), null, 'before Linux 3.14');
});

const DISK = (name: string, read: number, written: number): string =>
  `   8       0 ${name} 69155 11791 ${read} 58054 131559 67609 ${written} 62312 0 26036 127145 22073 17 5020528 4546 33542 2232`;

const namesOf = (names: string[]): string[] => [
  ...parseDisks(names.map(name => DISK(name, 1, 2)).join('\n')).keys(),
];

test('what disks have read and written is told in bytes', () => {
  assert.deepEqual(parseDisks(`${DISK('vda', 100, 3)}\n`), new Map([['vda', { in: 51_200, out: 1_536 }]]));
});

test('what goes to a partition, a file, memory, or a device on top of others is counted once', () => {
  assert.deepEqual(namesOf(['loop0', 'ram0', 'zram0', 'dm-0', 'md127', 'zd0', 'bcache0', 'drbd1']), []);
  assert.deepEqual(namesOf(['sda', 'sda1', 'sda12', 'sdap', 'sdap1', 'vda', 'vda1']), ['sda', 'sdap', 'vda']);
  assert.deepEqual(namesOf(['nvme0n1', 'nvme0n1p1', 'nvme0n1p12', 'nvme1n1']), ['nvme0n1', 'nvme1n1']);
  assert.deepEqual(namesOf(['mmcblk0', 'mmcblk0p1', 'mmcblk0boot0']), ['mmcblk0', 'mmcblk0boot0']);
  assert.deepEqual(namesOf(['xvda1', 'xvda2']), ['xvda1', 'xvda2'], 'partitions without their disk');
});

const INTERFACE = (name: string): string => `${name}: 297279074 7559 0 0 0 0 0 0 463651 5041 0 0 0 0 0 0`;

const interfacesOf = (names: string[]): string[] => [
  ...parseInterfaces(
    [
      'Inter-|   Receive                                                |  Transmit',
      ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop',
      ...names.map(INTERFACE),
    ].join('\n'),
  ).keys(),
];

test('what interfaces have received and sent is told in bytes', () => {
  const found = parseInterfaces(INTERFACE('  eth0'));
  assert.deepEqual(found, new Map([['eth0', { in: 297_279_074, out: 463_651 }]]));
});

test('what goes through a bridge, a bond, a tunnel or a VLAN is counted at the card', () => {
  assert.deepEqual(interfacesOf(['lo', 'eth0', 'docker0', 'veth12ab', 'br-1f', 'ifb0', 'eth0.100']), [
    'eth0',
  ]);
  assert.deepEqual(interfacesOf(['bond0', 'enp3s0', 'enp4s0', 'wg0', 'tun0']), ['enp3s0', 'enp4s0']);
});

test('where all interfaces are virtual, all but the loopback count', () => {
  assert.deepEqual(interfacesOf(['lo', 'tap0']), ['tap0']);
  assert.deepEqual(interfacesOf(['lo']), []);
});

test('what is not there, or of another form, is left out', () => {
  for (const text of [
    '',
    '\n',
    'cpu',
    'cpu  a b c d',
    'cpu  1 2 3',
    'MemTotal: x kB',
    '8 0 sda 1 2',
    'eth0: 1 2',
  ]) {
    assert.deepEqual(parseCpu(text), { cpu: null, cores: new Map() }, text);
    assert.equal(parseLoad(text), null, text);
    assert.equal(parseMemory(text), null, text);
    assert.equal(parseDisks(text).size, 0, text);
    assert.equal(parseInterfaces(text).size, 0, text);
  }
});
