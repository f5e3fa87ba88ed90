import { percentText, secondsText, usualDuration } from './durations.ts';
import { perModule } from './module.ts';
import { evidenceOf, executed, okRuntimes } from './runs.ts';
import { runtimesOf, timeoutChange } from './timeout.ts';

const MIN_RUNS = 50;
/** A run that needed more than this share of the timeout came near to it. */
const NEAR = 0.8;
const MIN_NEAR = 3;
const MIN_SHARE = 0.01;
const CRITICAL_SHARE = 0.05;

/**
 * A timeout that ends runs which would have succeeded, or soon will. Runs that hang are told apart by this: beside them there
 * are no successful ones that came near to the timeout.
 */
export const timeoutNear = perModule(({ name, settings, runs }) => {
  const { timeoutMs } = settings;
  const seconds = okRuntimes(runs);
  const runtimes = runtimesOf(seconds);
  if (timeoutMs === null || runtimes === null || seconds.length < MIN_RUNS) return [];
  const near = seconds.filter(each => each * 1000 > NEAR * timeoutMs).length;
  const ended = runs.filter(({ outcome }) => outcome === 'timeout').length;
  const all = executed(runs);
  const timeout = usualDuration(2 * Math.max(1000 * runtimes.maxSeconds, ended > 0 ? timeoutMs : 0));
  if (near < MIN_NEAR || near + ended < MIN_SHARE * all.length || timeout === null) return [];
  return [
    {
      id: `${name}.timeout-near`,
      module: name,
      severity: ended >= CRITICAL_SHARE * all.length ? 'critical' : 'warning',
      title:
        `the timeout of ${name} (${secondsText(timeoutMs / 1000)}) is too near to what its runs take: ` +
        `the p99 is ${secondsText(runtimes.p99Seconds)}, ${near} succeeded just before it` +
        (ended === 0 ? '' : `, ${ended} (${percentText(ended / all.length)}) were ended by it`),
      advice: `set it to ${timeout.text}, or make the module faster`,
      evidence: evidenceOf(all, { ...runtimes, timeoutSeconds: timeoutMs / 1000, near, ended }),
      change: timeoutChange(name, timeoutMs, timeout.text),
    },
  ];
});
