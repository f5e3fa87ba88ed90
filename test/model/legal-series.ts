import { isDeepStrictEqual } from 'node:util';
import { rollupProblems } from '../faults/invariants/rollups.ts';
import type { CrashState } from './crash.ts';
import type { History } from './history.ts';
import type { Recovered } from './recover.ts';
import { BASELINE, SAMPLED } from './session.ts';

/**
 * Samples and roll-ups after a crash: a power failure may have taken the last samples, a kill none; each run and each sample that is
 * there is rolled up once.
 *
 * @param isWhole nothing was done to the store but by the supervisor
 */
export function seriesProblems(
  kind: CrashState['kind'],
  { store }: Recovered,
  history: History,
  isWhole: boolean,
): string[] {
  const { samples, series, runs } = store.rollups;
  const least = kind === 'killed' ? history.sampled : history.samplesBefore;
  const isPrefix = isDeepStrictEqual(samples, history.samples.slice(0, samples.length));
  const rolled = series.find(({ source, metric }) => source === SAMPLED.source && metric === SAMPLED.metric);
  const all = [...runs.values()].reduce((sum, count) => sum + count, 0);
  return [
    ...rollupProblems(store.rollups),
    ...(all === store.ids.length ? [] : [`${all} of ${store.ids.length} runs are rolled up`]),
    ...(!isWhole || (rolled?.days ?? 0) === samples.length
      ? []
      : [`${rolled?.days ?? 0} samples are rolled up, ${samples.length} are there`]),
    ...(!isWhole || (isPrefix && samples.length >= least)
      ? []
      : [`the samples are ${samples}, not the first ${least} or more of ${history.samples}`]),
  ];
}

/** The one that was set last, or one that was about to be. */
export function baselineProblems({ store }: Recovered, { baselines, baseline }: History): string[] {
  const found = store.baselines.get(BASELINE) ?? null;
  return baselines.slice(baseline).includes(found)
    ? []
    : [`the baseline is ${found}, and was set to another`];
}
