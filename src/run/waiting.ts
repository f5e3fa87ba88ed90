/** A timer's longest time; Node makes 1 ms of anything above it. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Waits for a promise, but no longer than this; true if it settled in time. Leaves no timer behind. */
export async function settles(promise: Promise<unknown>, limitMs: number): Promise<boolean> {
  const { promise: limit, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, Math.min(limitMs, MAX_TIMER_MS), false);
  const done = (): boolean => true;
  try {
    return await Promise.race([promise.then(done, done), limit]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Calls back after a time that may be longer than a timer's longest; the function returned takes it back. The call is
 * made after what has come in meanwhile: an end that the system reported while this process was busy comes first.
 */
export function callAfter(ms: number, call: () => void): () => void {
  let timer: NodeJS.Timeout;
  let immediate: NodeJS.Immediate | null = null;
  const wait = (restMs: number): void => {
    const partMs = Math.min(restMs, MAX_TIMER_MS);
    timer = setTimeout(() => {
      if (restMs > partMs) wait(restMs - partMs);
      else immediate = setImmediate(call);
    }, partMs);
  };
  wait(ms);
  return () => {
    clearTimeout(timer);
    if (immediate !== null) clearImmediate(immediate);
  };
}
