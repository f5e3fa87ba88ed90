import { quantile } from '../stats/quantile.ts';
import { percentText, secondsText } from './durations.ts';
import { perModule } from './module.ts';
import { evidenceOf, executed } from './runs.ts';

const MIN_RUNS = 50;
const MIN_FAILURES = 5;
/** More failures than this want a cure, not another try. */
const MOST_FAILURES = 0.2;
/** So many of the failures must have been over with the next run. */
const MIN_ALONE = 0.9;
/** What is over an hour later says nothing about what a retry after a second does. */
const MOST_WAIT_SECONDS = 600;

/** No retries, and failures that stand alone: the very next run succeeded. */
export const retriesMissing = perModule(({ name, settings, runs }) => {
  if (settings.retries > 0) return [];
  const all = executed(runs);
  const failed = [...all.entries()].filter(
    ([index, { outcome }]) => outcome === 'error' && index < all.length - 1,
  );
  const alone = failed.filter(
    ([index]) => all[index - 1]?.outcome !== 'error' && all[index + 1]?.outcome === 'ok',
  );
  const waits = alone.map(([index, run]) =>
    secondsBetween(run.endedAt, all[index + 1]?.startedAt ?? run.endedAt),
  );
  const wait = quantile(waits, 0.5);
  if (wait === null || wait > MOST_WAIT_SECONDS || all.length < MIN_RUNS) return [];
  if (failed.length < MIN_FAILURES || failed.length > MOST_FAILURES * all.length) return [];
  if (alone.length < MIN_ALONE * failed.length) return [];
  return [
    {
      id: `${name}.retries-missing`,
      module: name,
      severity: 'info',
      title:
        `${name} fails now and then (${failed.length} of ${all.length} runs, ${percentText(failed.length / all.length)}), ` +
        `and ${alone.length} of these times the next run, usually ${secondsText(wait)} later, succeeded`,
      advice: 'give it a retry: such a failure would be over within its iteration',
      evidence: evidenceOf(all, { failures: failed.length, alone: alone.length, medianWaitSeconds: wait }),
      change: { path: ['modules', name, 'retries'], from: 0, to: 1 },
    },
  ];
});

function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
