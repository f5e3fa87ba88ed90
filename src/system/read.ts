import { readFileSync, statfsSync } from 'node:fs';
import { cpus, freemem, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseCpu, parseDisks, parseInterfaces, parseLoad, parseMemory } from './parse.ts';
import type { CpuTime, FileSystem, Reading } from './reading.ts';

interface Place {
  /** A folder whose file system is looked at. */
  folder: string;
  /** Default: `/proc`. */
  proc?: string;
}

/** What can be said of the machine now; what cannot be read (a container without it, no descriptor left) is null. */
export function readMachine(monotonicMs: number, { folder, proc = '/proc' }: Place): Reading {
  const fileSystem = readFileSystem(folder);
  const parts = process.platform === 'linux' ? readProc(proc) : readSystem();
  return { monotonicMs, fileSystem, ...parts };
}

type Parts = Omit<Reading, 'monotonicMs' | 'fileSystem'>;

/** Synchronous on purpose: the kernel makes these texts up while they are read, which takes microseconds. */
function readProc(proc: string): Parts {
  const read = (name: string): string => textOf(join(proc, name));
  return {
    ...parseCpu(read('stat')),
    load: parseLoad(read('loadavg')),
    memory: parseMemory(read('meminfo')),
    disks: parseDisks(read('diskstats')),
    interfaces: parseInterfaces(read('net/dev')),
  };
}

/** Where there is no `/proc`: what Node itself knows. Nothing of swap, disks and network. */
function readSystem(): Parts {
  const cores = new Map(cpus().map(({ times }, index) => [String(index), timeOf(times)]));
  const [one = 0, five = 0, fifteen = 0] = loadavg();
  const [total, free] = [totalmem(), freemem()];
  return {
    cpu: cores.size === 0 ? null : allOf([...cores.values()]),
    cores,
    load: [one, five, fifteen],
    memory: { usedMb: (total - free) / 1e6, availableMb: free / 1e6, swapUsedMb: null },
    disks: new Map(),
    interfaces: new Map(),
  };
}

function timeOf(times: ReturnType<typeof cpus>[number]['times']): CpuTime {
  const all = times.user + times.nice + times.sys + times.irq + times.idle;
  return { busy: all - times.idle, all };
}

function allOf(cores: readonly CpuTime[]): CpuTime {
  return cores.reduce((sum, core) => ({ busy: sum.busy + core.busy, all: sum.all + core.all }), {
    busy: 0,
    all: 0,
  });
}

/** As `df` has it: used of what is used and what this user could still use. */
function readFileSystem(folder: string): FileSystem | null {
  try {
    const { bsize, blocks, bfree, bavail } = statfsSync(folder);
    const used = blocks - bfree;
    const usable = used + bavail;
    if (!(usable > 0)) return null;
    return { freeMb: (bavail * bsize) / 1e6, usedPercent: (used / usable) * 100 };
  } catch {
    return null; // the folder is gone
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // to whoever parses it, that means "nothing there"
  }
}
