import { quantile } from '../stats/quantile.ts';
import { percentText, secondsText } from './durations.ts';
import { perModule } from './module.ts';
import { evidenceOf, tasksOf } from './runs.ts';

const MIN_STARTS = 50;
const MIN_SHARE = 0.8;
/** A change that comes so soon after the end of a run was probably made by it. */
const SOON_SECONDS = 5;

/** A module that its file patterns start again as soon as it has ended, as if it watched what it writes. */
export const watchStorm = perModule(({ name, settings, runs }) => {
  const tasks = tasksOf(runs);
  const pauses = tasks.flatMap(({ startMs, attempts }, index) => {
    const before = tasks[index - 1];
    return before !== undefined && attempts[0]?.trigger === 'change' ? [(startMs - before.endMs) / 1000] : [];
  });
  const soon = pauses.filter(seconds => seconds <= SOON_SECONDS).length;
  const median = quantile(pauses, 0.5);
  if (settings.watch.length === 0 || median === null || pauses.length < MIN_STARTS) return [];
  if (soon < MIN_SHARE * tasks.length) return [];
  return [
    {
      id: `${name}.watch-storm`,
      module: name,
      severity: 'warning',
      title:
        `${name} is started all the time by the files that it watches: ${soon} of ${tasks.length} starts ` +
        `(${percentText(soon / tasks.length)}) came within ${secondsText(SOON_SECONDS)} of the end of the run before`,
      advice: `let its patterns (${settings.watch.join(', ')}) name only files that neither it nor what comes after it writes`,
      evidence: {
        ...evidenceOf(runs, { medianPauseSeconds: median, soon, byChange: pauses.length }),
        count: tasks.length,
        of: 'starts',
      },
      change: null,
    },
  ];
});
