import { secondsText } from './durations.ts';
import { perModule } from './module.ts';
import { evidenceOf, okRuntimes } from './runs.ts';
import { generousTimeout, runtimesOf, timeoutChange } from './timeout.ts';

const MIN_RUNS = 50;
/** A p99 within so many medians is a stable runtime: a run far beyond it hangs, and does not work. */
const STABLE = 4;

/** No timeout, and runtimes so alike that one would never be in the way: a run that hangs would hang for ever. */
export const timeoutMissing = perModule(({ name, settings, runs }) => {
  const seconds = okRuntimes(runs);
  const runtimes = runtimesOf(seconds);
  if (settings.timeoutMs !== null || runtimes === null || seconds.length < MIN_RUNS) return [];
  const timeout = generousTimeout(runtimes);
  if (timeout === null || runtimes.p99Seconds > STABLE * runtimes.medianSeconds) return [];
  return [
    {
      id: `${name}.timeout-missing`,
      module: name,
      severity: 'info',
      title: `${name} has no timeout: a run that hangs would never end, though 99 % take at most ${secondsText(runtimes.p99Seconds)}`,
      advice: `set a timeout of ${timeout.text}, which no run so far came near to`,
      evidence: { ...evidenceOf(runs, { ...runtimes }), count: seconds.length, of: 'successful runs' },
      change: timeoutChange(name, null, timeout.text),
    },
  ];
});
