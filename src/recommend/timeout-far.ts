import { secondsText } from './durations.ts';
import { perModule } from './module.ts';
import { evidenceOf, okRuntimes } from './runs.ts';
import { generousTimeout, runtimesOf, timeoutChange } from './timeout.ts';

const MIN_RUNS = 100;
/** So many times a generous timeout is far. */
const FAR = 4;
/** A hang of less costs nobody anything. */
const MIN_LOSS_MS = 600_000;

/** A timeout so long that a run which hangs would be noticed only much later than it could be. */
export const timeoutFar = perModule(({ name, settings, runs }) => {
  const { timeoutMs } = settings;
  const seconds = okRuntimes(runs);
  const runtimes = runtimesOf(seconds);
  if (timeoutMs === null || runtimes === null || seconds.length < MIN_RUNS) return [];
  const timeout = generousTimeout(runtimes);
  if (timeout === null || timeoutMs < FAR * timeout.ms || timeoutMs - timeout.ms < MIN_LOSS_MS) return [];
  if (
    runs.some(
      ({ outcome, runtimeSeconds }) => outcome !== 'timeout' && 1000 * (runtimeSeconds ?? 0) > timeout.ms / 2,
    )
  )
    return [];
  return [
    {
      id: `${name}.timeout-far`,
      module: name,
      severity: 'info',
      title:
        `the timeout of ${name} (${secondsText(timeoutMs / 1000)}) is far above what its runs take ` +
        `(p99 ${secondsText(runtimes.p99Seconds)}, longest ${secondsText(runtimes.maxSeconds)}): a run that hangs is noticed late`,
      advice: `set it to ${timeout.text}, which leaves room enough`,
      evidence: {
        ...evidenceOf(runs, { ...runtimes, timeoutSeconds: timeoutMs / 1000 }),
        count: seconds.length,
        of: 'successful runs',
      },
      change: timeoutChange(name, timeoutMs, timeout.text),
    },
  ];
});
