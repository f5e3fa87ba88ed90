import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * Whether this process is meant to outlive the terminal that it was started from, as by `nohup`: it has one, but neither
 * reads from it nor writes to it. (`nohup` itself leaves nothing else to be seen: Node forgets at its start which signals
 * it should have ignored.) Ask at the start: with the terminal the answer goes too.
 */
export function outlivesTerminal(): boolean {
  return hasTerminal() && ![0, 1, 2].some(isatty);
}

/** The signals that ask this process to end: SIGHUP is none of them where it outlives its terminal. */
export function endingSignals(): NodeJS.Signals[] {
  return outlivesTerminal() ? ['SIGTERM', 'SIGINT'] : ['SIGTERM', 'SIGINT', 'SIGHUP'];
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false; // a service manager, cron, a container: nobody hangs up
  }
}
