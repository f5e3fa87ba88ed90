import { openContext } from './context.ts';
import type { Counts, Fault, Outcome, Size } from './fault.ts';
import { injectIsolated } from './isolated.ts';
import { missingOf } from './needs.ts';

export type Verdict = 'kept' | 'broken' | 'skipped';

export interface Result {
  fault: Fault;
  verdict: Verdict;
  /** What was seen, or why it was skipped. */
  happened: string;
  seconds: number;
  counts: Partial<Counts>;
}

export interface ExecuteOptions {
  size: Size;
  seed: number;
  progress(text: string): void;
  /** Aborted where all is to end early. */
  stop?: AbortSignal;
}

/** How long the surroundings of a row whose time is over may take to end. */
const LAST_GRACE_MS = 30_000;

/** Tries one row. Never throws: what a row throws is a broken promise with its error. */
export async function execute(fault: Fault, options: ExecuteOptions): Promise<Result> {
  const why = missingOf(fault.isolated === true ? [...fault.needs, 'mount'] : fault.needs);
  if (why !== null) return { fault, verdict: 'skipped', happened: why, seconds: 0, counts: {} };
  const start = performance.now();
  const { kept, happened, counts } = await injected(fault, options).catch((error: unknown): Outcome => {
    return { kept: false, happened: `it failed with ${textOf(error)}`, counts: {} };
  });
  const seconds = (performance.now() - start) / 1000;
  return { fault, verdict: kept ? 'kept' : 'broken', happened, seconds, counts };
}

export function limitMsOf(fault: Fault, size: Size): number {
  return (fault.limitSeconds?.[size] ?? { quick: 60, full: 900 }[size]) * 1000;
}

async function injected(fault: Fault, options: ExecuteOptions): Promise<Outcome> {
  if (fault.isolated === true) return injectIsolated(fault, options, limitMsOf(fault, options.size));
  return injectHere(fault, options);
}

/** In this process, within the row's time. */
export async function injectHere(fault: Fault, options: ExecuteOptions): Promise<Outcome> {
  const limitMs = limitMsOf(fault, options.size);
  const over = new AbortController();
  const { context, close } = openContext({ ...options, signal: over.signal });
  const timer = setTimeout(() => over.abort(new Error(`not over after ${limitMs / 1000} s`)), limitMs);
  const stop = (): void => over.abort(options.stop?.reason);
  options.stop?.addEventListener('abort', stop, { once: true });
  const [tried] = await Promise.allSettled([Promise.race([fault.inject(context), aborted(over.signal)])]);
  clearTimeout(timer);
  options.stop?.removeEventListener('abort', stop);
  over.abort(new Error('the row is over'));
  const [ended] = await Promise.allSettled([within(close(), LAST_GRACE_MS)]);
  const reasons = [tried, ended].flatMap(each => (each.status === 'rejected' ? [textOf(each.reason)] : []));
  if (tried.status === 'rejected' || reasons.length > 0) throw new Error(reasons.join('\nand at its end: '));
  return tried.value;
}

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined); // the row is over when it is aborted in the end
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}

async function within(work: Promise<void>, limitMs: number): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('what it started could not be ended')), limitMs);
  await Promise.race([work, promise]).finally(() => clearTimeout(timer));
}
