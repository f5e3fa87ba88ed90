import type { Context } from './command.ts';
import { endingSignals } from './hang-up.ts';
import { SECOND_REQUEST, stopRequests } from './stop-requests.ts';

/**
 * Does a piece of work that a signal ends in order, and then lets the process end by that signal, as one does that has not caught
 * it. A second request ends the process at once. Under `nohup` a SIGHUP does nothing.
 */
export async function interruptible<T>(
  context: Context,
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const wrapped = context.env['WATCHKEEPER_WRAPPER'] === String(process.ppid);
  const requestOf = stopRequests(wrapped);
  const stop = new AbortController();
  let by: NodeJS.Signals | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    const request = requestOf(signal, performance.now());
    if (request === 'at once') context.abort();
    if (request !== 'orderly') return;
    by = signal;
    context.stderr.write(`${signal}: ending what is running (once more ends it at once)\n`);
    stop.abort();
  };
  const names = [...endingSignals(), ...(wrapped ? [SECOND_REQUEST] : [])];
  for (const name of names) process.on(name, onSignal);
  try {
    return await work(stop.signal);
  } finally {
    for (const name of names) process.off(name, onSignal);
    if (by !== null) process.kill(process.pid, by);
  }
}
