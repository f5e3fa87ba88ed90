import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Which process a number means. A process id alone is given out again; with the time at which the process began and
 * the boot of the machine it is one process for ever. Plain data: it can be stored and compared field by field.
 */
export interface ProcessIdentity {
  pid: number;
  /** Linux: clock ticks since boot. Elsewhere: milliseconds since 1970, to the second. Only good for comparing. */
  startTime: number;
  /** Changes with every boot; empty where the system does not say. */
  bootId: string;
}

/**
 * The identity of a living process; null where there is none. One that has ended but that its parent has not yet
 * taken note of (a zombie) is not living: it holds no lock and writes no file any more.
 */
export function processIdentity(pid: number): ProcessIdentity | null {
  const startTime = process.platform === 'linux' ? linuxStartTime(pid) : startTimeFromPs(pid);
  return startTime === null ? null : { pid, startTime, bootId: bootId() };
}

/** Whether exactly this process, on this boot, is still living. */
export function isLiving(identity: ProcessIdentity): boolean {
  const now = processIdentity(identity.pid);
  return now !== null && now.startTime === identity.startTime && now.bootId === identity.bootId;
}

/** What `/proc/PID/stat` says of a process. */
export interface ProcessStat {
  pid: number;
  /** One letter: R running, S sleeping, T stopped, Z zombie, ... */
  state: string;
  parent: number;
  group: number;
  session: number;
  /** Device number of the controlling terminal; 0 without one. */
  terminal: number;
  /** A copy of its parent that has not yet become a program of its own. */
  forked: boolean;
  /** On its way out: its memory may be gone already, and its CPU time with its parent. */
  exiting: boolean;
  /** CPU time of its own, and of its own and of the children that it waited for, in ticks of 10 ms. */
  cpuTicks: number;
  treeCpuTicks: number;
  /** As in ProcessIdentity. */
  startTime: number;
}

/** Kernel flag: has forked, but not called exec. */
const PF_FORKNOEXEC = 0x40;
/** Kernel flag: is ending. */
const PF_EXITING = 0x4;

/** Reads the text of a `/proc/PID/stat`; null where it is none. The name in it may hold spaces and parentheses. */
export function parseProcessStat(text: string): ProcessStat | null {
  const end = text.lastIndexOf(')');
  if (end < 0) return null;
  const fields = text.slice(end + 2).split(' ');
  const number = (position: number): number => Number(fields[position - 3]); // counted as in proc(5)
  const [pid, parent, startTime] = [Number.parseInt(text, 10), number(4), number(22)];
  if (![pid, parent, startTime].every(Number.isSafeInteger)) return null;
  return {
    pid,
    state: fields[0] ?? '',
    parent,
    group: number(5),
    session: number(6),
    terminal: number(7),
    forked: (number(9) & PF_FORKNOEXEC) !== 0,
    exiting: (number(9) & PF_EXITING) !== 0,
    cpuTicks: number(14) + number(15),
    treeCpuTicks: number(14) + number(15) + number(16) + number(17),
    startTime,
  };
}

/** Linux: what the kernel says of a process, a zombie included; null where there is no such process. */
export function readProcessStat(pid: number): ProcessStat | null {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return null; // no such process, or it ended while we read
  }
}

/** Whether a state letter means a process that can still do something. */
export function isLivingState(state: string): boolean {
  return state !== 'Z' && state !== 'X' && state !== 'x';
}

function linuxStartTime(pid: number): number | null {
  const stat = readProcessStat(pid);
  return stat !== null && isLivingState(stat.state) ? stat.startTime : null;
}

/** "lstart" is there on macOS and the BSDs: `Thu Nov 20 14:34:00 2025`, after the state. */
function startTimeFromPs(pid: number): number | null {
  const [, state, started] =
    /^(\S+)\s+(.+)$/.exec(output('ps', ['-o', 'stat=,lstart=', '-p', String(pid)])) ?? [];
  if (state === undefined || started === undefined || !isLivingState(state.charAt(0))) return null;
  const time = Date.parse(started);
  return Number.isNaN(time) ? null : time;
}

let knownBootId: string | null = null;

function bootId(): string {
  knownBootId ??= readBootId();
  return knownBootId;
}

function readBootId(): string {
  if (process.platform !== 'linux') return output('sysctl', ['-n', 'kern.bootsessionuuid']);
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return ''; // hidden in some containers: process id and start time have to do
  }
}

/** What a command prints; empty where it fails, which `ps` does for a process that does not exist. */
function output(command: string, args: string[]): string {
  try {
    const env = { ...process.env, LC_ALL: 'C' };
    return execFileSync(command, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}
