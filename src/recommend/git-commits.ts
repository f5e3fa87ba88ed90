import { short } from './durations.ts';
import type { Advice } from './finding.ts';

const MIN_ITERATIONS = 100;
const MIN_SPAN_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** One every five minutes: what a person can still look through. */
const MOST_A_DAY = 288;
const MANY_A_DAY = 2_880;

/** Each iteration in which all was well is a commit, and there are thousands a day: the history grows, and nobody can read it. */
export const gitCommits: Advice = ({ settings, modules }) => {
  const { enabled, commitOn, okEveryMs } = settings.git;
  if (!enabled || okEveryMs > 0 || !commitOn.includes('ok')) return [];
  const starts = modules
    .flatMap(({ runs }) => runs)
    .map(({ iteration, startedAt }) => ({ iteration, ms: Date.parse(startedAt) }))
    .sort((a, b) => a.ms - b.ms);
  const [first, last] = [starts[0], starts.at(-1)];
  if (first === undefined || last === undefined) return [];
  const count = last.iteration - first.iteration + 1;
  const spanMs = last.ms - first.ms;
  const aDay = (count / spanMs) * DAY_MS;
  if (count < MIN_ITERATIONS || spanMs < MIN_SPAN_MS || aDay <= MOST_A_DAY) return [];
  return [
    {
      id: 'git-commits',
      module: null,
      severity: aDay > MANY_A_DAY ? 'warning' : 'info',
      title: `each of about ${short(Math.round(aDay))} iterations a day is a commit of its own where all is well`,
      advice: 'commit one of them an hour; what recovered or persisted is committed at once anyway',
      evidence: {
        count,
        of: 'iterations',
        from: new Date(first.ms).toISOString(),
        to: new Date(last.ms).toISOString(),
        figures: { iterationsADay: Math.round(aDay) },
      },
      change: { path: ['git', 'okEvery'], from: 0, to: '1h' },
    },
  ];
};
