import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CLOCK } from '../../src/clock.ts';
import type { Sample } from '../../src/glossary/sample.ts';
import type { ServiceUse } from '../../src/glossary/service.ts';
import { readMachine } from '../../src/system/read.ts';
import type { Reading } from '../../src/system/reading.ts';
import { SystemSampler } from '../../src/system/sampler.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

failOnLeaks();

const LINUX = { skip: process.platform !== 'linux' };

test('the values of this machine are plausible beside those of `free` and `df`', LINUX, () => {
  const { memory, fileSystem, load, cpu, cores } = readMachine(0, { folder: '.' });
  const [total = 0, , , , , available = 0] = (/^Mem:(.*)$/m.exec(run('free', '--kilo'))?.[1] ?? '')
    .trim()
    .split(/ +/)
    .map(Number);
  assert.ok(memory !== null && fileSystem !== null && load !== null && cpu !== null);
  assert.ok(Math.abs(memory.availableMb - available / 1e3) < 0.1 * (total / 1e3));
  assert.ok(Math.abs(memory.usedMb + memory.availableMb - total / 1e3) < 1);
  const [, free = 0, percent = 0] = run('df', '--block-size=1', '--output=avail,pcent', '.')
    .replaceAll('%', '')
    .split('\n')
    .flatMap(line => line.trim().split(/ +/).map(Number))
    .slice(1);
  assert.ok(Math.abs(fileSystem.freeMb - free / 1e6) < 1_000);
  assert.ok(Math.abs(fileSystem.usedPercent - percent) <= 1.5, 'df rounds up');
  assert.ok(cores.size >= availableParallelism());
  assert.ok(cpu.busy > 0 && cpu.busy < cpu.all);
});

function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
}

const PROC = {
  stat: 'cpu  100 0 0 900\ncpu0 100 0 0 900\n',
  loadavg: '0.50 0.25 0.10 1/1 1\n',
  meminfo: 'MemTotal: 2000000 kB\nMemAvailable: 1000000 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n',
  diskstats: '8 0 sda 1 1 2000 1 1 1 4000 1 0 0 0\n',
  'net/dev': 'eth0: 1000000 1 0 0 0 0 0 0 2000000 1 0 0 0 0 0 0\n',
};

test('what is there is sampled, at once and again and again until it is stopped', LINUX, async t => {
  const folder = temporaryFolder(t);
  const proc = join(folder, 'proc');
  mkdirSync(join(proc, 'net'), { recursive: true });
  for (const [name, text] of Object.entries(PROC)) writeFileSync(join(proc, name), text);
  const taken: Sample[][] = [];
  const uses: ServiceUse[] = [];
  const clock = { ms: 0, now: () => Date.UTC(2026, 10, 20), monotonic: () => clock.ms };
  const sampler = new SystemSampler({
    ...{ clock, everyMs: 10 },
    sink: { take: samples => void taken.push([...samples]) },
    services: () => uses,
    read: monotonicMs => {
      clock.ms += 10;
      return readMachine(monotonicMs, { folder, proc });
    },
  });
  sampler.start();
  assert.deepEqual(
    taken[0]?.map(({ metric }) => metric),
    [
      ...['load1', 'load5', 'load15', 'memoryUsedMb', 'memoryAvailableMb', 'swapUsedMb', 'diskFreeMb'],
      'diskUsedPercent',
    ],
  );
  writeFileSync(join(proc, 'stat'), 'cpu  150 0 0 950\ncpu0 150 0 0 950\n');
  const busy = await until('the CPU has a share', () =>
    taken.flat().find(({ metric, labels }) => metric === 'cpuPercent' && labels['core'] === undefined),
  );
  assert.deepEqual(busy, {
    ...{ timeMs: Date.UTC(2026, 10, 20), source: 'system', metric: 'cpuPercent', labels: {}, value: 50 },
  });
  uses.push(
    { name: 'feed', uptimeSeconds: 7, memoryMb: 51.2 },
    { name: 'new', uptimeSeconds: 0, memoryMb: null },
  );
  const [sampled] = await until('the services are sampled', () => {
    const found = taken.flat().filter(({ source }) => source !== 'system');
    return found.length > 0 && [found];
  });
  const sampledAs = sampled.slice(0, 3).map(({ source, metric, value }) => `${source}.${metric} ${value}`);
  assert.deepEqual(sampledAs, ['feed.memoryMb 51.2', 'feed.uptimeSeconds 7', 'new.uptimeSeconds 0']);
  uses.length = 0;
  for (const name of Object.keys(PROC)) rmSync(join(proc, name));
  await until('nothing is read any more', () =>
    taken.at(-1)?.every(({ metric }) => metric.startsWith('disk')),
  );
  sampler.stop();
  const count = taken.length;
  sampler.start();
  assert.equal(taken.length, count + 1, 'it can be started again');
  sampler.stop();
});

test('a clock that is set back or forth changes the times of samples and no rate', async () => {
  const taken: Sample[][] = [];
  let [now, monotonicMs] = [Date.UTC(2026, 10, 20), 0];
  const read = (at: number): Reading => ({
    ...readMachine(at, { folder: '/nowhere', proc: '/nowhere' }),
    disks: new Map([['sda', { in: at * 1_000, out: 0 }]]),
  });
  const clock = { now: () => now, monotonic: () => (monotonicMs += 10) };
  const sink = { take: (samples: readonly Sample[]) => void taken.push([...samples]) };
  const sampler = new SystemSampler({ clock, sink, read, services: () => [], everyMs: 10 });
  sampler.start();
  const rate = (): number | undefined =>
    taken.at(-1)?.find(({ metric }) => metric === 'diskReadMbPerSecond')?.value;
  for (const jump of [-86_400_000, 86_400_000]) {
    now += jump;
    const count = taken.length;
    await until('there is another sample', () => taken.length > count + 1);
    assert.equal(rate(), 1);
    assert.equal(taken.at(-1)?.[0]?.timeMs, now);
  }
  sampler.stop();
});

test('the sampler of this machine keeps no process alive and leaves nothing open', () => {
  const taken: Sample[] = [];
  const sampler = new SystemSampler({
    ...{ clock: CLOCK, everyMs: 3_600_000 },
    sink: { take: samples => void taken.push(...samples) },
    services: () => [],
    read: monotonicMs => readMachine(monotonicMs, { folder: '.' }),
  });
  sampler.start();
  assert.ok(
    process.getActiveResourcesInfo().every(what => what !== 'Timeout'),
    'its timer does not count',
  );
  sampler.stop();
  assert.ok(taken.some(({ metric }) => metric === 'memoryUsedMb'));
});
