/** So long after the first signal it may be the same request that arrives again. */
const SAME_REQUEST_MS = 500;

/** With it our wrapper hands on a second SIGTERM, which so is told apart from the first one arriving twice. */
export const SECOND_REQUEST = 'SIGUSR2';

/** What a signal asks for: an orderly end, nothing new, or an end at once. */
export type StopRequest = 'orderly' | 'same' | 'at once';

/**
 * Counts requests to stop, not signals. One press of Ctrl-C arrives several times: the terminal tells every process of the group,
 * and those above us (npm, our own wrapper) hand theirs on. So for half a second after the first signal others are the same
 * request, as are SIGTERM and SIGHUP together at the end of a session. Only a second SIGTERM counts at once, as nothing doubles
 * it but the wrapper: a service manager may tell the whole group, and the wrapper cannot know. A second one the wrapper hands on
 * as `SECOND_REQUEST`.
 *
 * @param wrapped whether the wrapper is there
 * @returns what each signal means, called with the time on a clock that never goes back
 */
export function stopRequests(wrapped: boolean): (signal: NodeJS.Signals, nowMs: number) => StopRequest {
  let firstMs: number | null = null;
  let terminated = false;
  return (signal, nowMs) => {
    const again = signal === SECOND_REQUEST || (signal === 'SIGTERM' && terminated && !wrapped);
    terminated ||= signal === 'SIGTERM';
    if (firstMs !== null) return again || nowMs - firstMs >= SAME_REQUEST_MS ? 'at once' : 'same';
    firstMs = nowMs;
    return 'orderly';
  };
}
