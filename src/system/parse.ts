import { disksOf, interfacesOf } from './devices.ts';
import type { CpuTime, Memory, Reading, Transfer } from './reading.ts';

/**
 * From the texts of `/proc` to counters, as proc(5) and the kernel's Documentation/admin-guide/iostats.rst describe them. What is not
 * there or not understood is left out; no text makes them throw.
 */

/** A sector of /proc/diskstats, whatever the disk's own are. */
const SECTOR_BYTES = 512;

/** `/proc/stat`. Time that another guest of the same host took (`steal`) counts as busy: it could not be used. */
export function parseCpu(text: string): Pick<Reading, 'cpu' | 'cores'> {
  let cpu: CpuTime | null = null;
  const cores = new Map<string, CpuTime>();
  for (const [, core = '', rest = ''] of text.matchAll(/^cpu(\d*) +(.*)$/gm)) {
    // user nice system idle iowait irq softirq steal; what follows is in `user` and `nice` already
    const ticks = rest.trim().split(/ +/).slice(0, 8).map(Number);
    const all = sum(ticks);
    const [, , , idle = Number.NaN, waiting = 0] = ticks;
    const time = { busy: all - idle - waiting, all };
    if (!isCount(time.busy) || !isCount(time.all)) continue;
    if (core === '') cpu = time;
    else cores.set(core, time);
  }
  return { cpu, cores };
}

/** `/proc/loadavg` */
export function parseLoad(text: string): Reading['load'] {
  const [one = Number.NaN, five = Number.NaN, fifteen = Number.NaN] = text.split(' ', 3).map(toNumber);
  return [one, five, fifteen].every(isCount) ? [one, five, fifteen] : null;
}

/** `/proc/meminfo`. Used is what is not available, as `free` has it: what only holds files that can be read again is free. */
export function parseMemory(text: string): Memory | null {
  const [total, available] = [kibOf(text, 'MemTotal'), kibOf(text, 'MemAvailable')];
  if (total === null || available === null) return null;
  const [swapTotal, swapFree] = [kibOf(text, 'SwapTotal'), kibOf(text, 'SwapFree')];
  return {
    usedMb: toMb(total - available),
    availableMb: toMb(available),
    swapUsedMb: swapTotal === null || swapFree === null ? null : toMb(swapTotal - swapFree),
  };
}

/** What is called `kB` there is 1,024 bytes. */
function kibOf(text: string, name: string): number | null {
  const found = new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

function toMb(kib: number): number {
  return (Math.max(0, kib) * 1_024) / 1e6;
}

/** `/proc/diskstats`, only its disks. */
export function parseDisks(text: string): Map<string, Transfer> {
  const all = new Map<string, Transfer>();
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/ +/);
    const name = fields[2];
    const transfer = { in: toNumber(fields[5]) * SECTOR_BYTES, out: toNumber(fields[9]) * SECTOR_BYTES };
    if (name !== undefined && isTransfer(transfer)) all.set(name, transfer);
  }
  return only(all, disksOf);
}

/** `/proc/net/dev`, only the interfaces that lead out of the machine. */
export function parseInterfaces(text: string): Map<string, Transfer> {
  const all = new Map<string, Transfer>();
  for (const [, name = '', rest = ''] of text.matchAll(/^ *([^\s:|]+): *(.*)$/gm)) {
    const fields = rest.trim().split(/ +/);
    const transfer = { in: toNumber(fields[0]), out: toNumber(fields[8]) };
    if (isTransfer(transfer)) all.set(name, transfer);
  }
  return only(all, interfacesOf);
}

function only(
  all: ReadonlyMap<string, Transfer>,
  choose: (names: readonly string[]) => string[],
): Map<string, Transfer> {
  const chosen = new Set(choose([...all.keys()]));
  return new Map([...all].filter(([name]) => chosen.has(name)));
}

function isTransfer(transfer: Transfer): boolean {
  return isCount(transfer.in) && isCount(transfer.out);
}

function isCount(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

/** Not a number where there is none: an empty text would be 0. */
function toNumber(text: string | undefined): number {
  return text === undefined || text === '' ? Number.NaN : Number(text);
}

function sum(values: readonly number[]): number {
  return values.reduce((so, value) => so + value, 0);
}
