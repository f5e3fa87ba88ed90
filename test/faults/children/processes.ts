import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** What `/proc` says of a process; read here and not by the product's own code. */
interface Stat {
  state: string;
  parent: number;
  startTime: number;
}

export function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', parent: Number(fields[1]), startTime: Number(fields[19]) };
  } catch {
    return null; // has ended
  }
}

/** Whether it can still do something: a zombie cannot. */
export function isAlive(pid: number): boolean {
  const stat = statOf(pid);
  return stat !== null && stat.state !== 'Z' && stat.state !== 'X';
}

export const parentOf = (pid: number): number => statOf(pid)?.parent ?? 0;

/** SIGKILL to a process that may have ended by now. */
export function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

/** The numbers that modules have noted in a file, such as their process ids. */
export function numbersNoted(file: string): number[] {
  return existsSync(file) ? (readFileSync(file, 'latin1').match(/\d+/g)?.map(Number) ?? []) : [];
}

/** Peak resident memory of a living process, in MB. Throws where it has ended. */
export const peakMb = (pid: number | undefined): number => memoryMb(pid, /^VmHWM:\s+(\d+) kB/m);

/** Resident memory of a living process, in MB. Throws where it has ended. */
export const residentMb = (pid: number | undefined): number => memoryMb(pid, /^VmRSS:\s+(\d+) kB/m);

function memoryMb(pid: number | undefined, line: RegExp): number {
  const kilobytes = line.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  if (kilobytes === undefined) throw new Error(`process ${pid} has ended`);
  return (Number(kilobytes) * 1024) / 1e6;
}

export function descriptorsOf(pid: number | undefined): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

const execute = promisify(execFile);

/** How many seconds a bare `sleep` takes here and now: what is above its number is the machine's own slowness. */
export async function bareSleep(seconds: number): Promise<number> {
  const before = performance.now();
  await execute('sleep', [String(seconds)]);
  return (performance.now() - before) / 1000;
}
