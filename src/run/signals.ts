import { constants } from 'node:os';
import { systemErrorCode } from '../errors.ts';
import type { KnownProcess } from './meter.ts';
import { findProcess } from './process-list.ts';

/**
 * Sends a signal to exactly the process that is meant, not to a later one that was given its number.
 * `denied`: it has become another user's.
 */
export function sendSignal(target: KnownProcess, signal: NodeJS.Signals): 'sent' | 'gone' | 'denied' {
  if (findProcess(target.pid)?.startTime !== target.startTime) return 'gone';
  try {
    process.kill(target.pid, signal);
    return 'sent';
  } catch (error) {
    return systemErrorCode(error) === 'EPERM' ? 'denied' : 'gone';
  }
}

/** Some numbers have a second, rarer name, which comes later in the list: the first one counts. */
const byNumber = (names: object): Map<number, string> =>
  new Map(
    Object.entries(names)
      .reverse()
      .map(([name, number]) => [Number(number), name]),
  );

const NAMES = byNumber(constants.signals);

/** The name of a signal; those without one (real time signals) are called by their number, `SIG34`. */
export function signalName(number: number): string {
  return NAMES.get(number) ?? `SIG${number}`;
}

const ERROR_NAMES = byNumber(constants.errno);

/** The name of an error number of the system, such as `ENOENT`. */
export function errorName(number: number): string {
  return ERROR_NAMES.get(number) ?? `errno ${number}`;
}
