import { short } from './durations.ts';
import type { Advice } from './finding.ts';
import { evidenceOf } from './runs.ts';

const MIN_RUNS = 100;
/** The file is written anew with each iteration, and goes into commits. */
const MOST_MB = 5;
const CHOICES = [5_000, 2_000, 1_000, 500, 200, 100, 50];

/** A `performance.json` that is written with every iteration, and has become large. */
export const historySize: Advice = ({ settings, modules }) => {
  const runs = modules.map(module => module.runs.slice(-settings.historyRuns));
  const megabytes = (keep: number): number => sizeMb(runs.map(each => each.slice(-keep)));
  const nowMb = megabytes(settings.historyRuns);
  const to = CHOICES.find(keep => keep < settings.historyRuns && megabytes(keep) <= MOST_MB / 2);
  if (runs.flat().length < MIN_RUNS || nowMb <= MOST_MB || to === undefined) return [];
  return [
    {
      id: 'history-size',
      module: null,
      severity: 'info',
      title: `performance.json holds about ${short(nowMb)} MB, and is written anew with every iteration`,
      advice: `keep ${to} runs of each module in it: about ${short(megabytes(to))} MB; the store keeps all of them anyway`,
      evidence: evidenceOf(runs.flat(), { megabytes: nowMb }),
      change: { path: ['history', 'runs'], from: settings.historyRuns, to },
    },
  ];
};

/** As one line of JSON each. */
function sizeMb(runs: readonly (readonly object[])[]): number {
  return runs.flat().reduce((sum, run) => sum + JSON.stringify(run).length, 0) / 1e6;
}
