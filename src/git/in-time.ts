import { setTimeout as sleep } from 'node:timers/promises';
import { GitFailure } from './failure.ts';
import { killMarked, type Mark } from './marked.ts';

/** A git process that is asked to end (SIGINT: it then removes its lock files) has so long until it is killed. */
const GRACE_MS = 300;

export interface Timed {
  /** For the message: `git COMMAND`. */
  name: string;
  /** The variable by which the process and its children are found. */
  mark: Mark;
  /** Aborted when the time is over; whoever started the process passes that on to it as SIGINT. */
  signal: AbortSignal;
}

/** Waits for what a git process gives, but no longer than it may take: then it is killed, and this rejects with GitFailure. */
export async function inTime<T>(work: Promise<T>, { name, mark, signal }: Timed): Promise<T> {
  const overdue = Promise.withResolvers<null>();
  const onAbort = (): unknown => sleep(GRACE_MS).then(() => overdue.resolve(null));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const result = await Promise.race([work.then(value => ({ value })), overdue.promise]);
  signal.removeEventListener('abort', onAbort);
  if (result !== null && !signal.aborted) return result.value;
  await killMarked(mark);
  throw new GitFailure(`${name} took too long and was ended`);
}
