import { WatchkeeperError } from '../errors.ts';
import type { HistoryReader } from '../history-reader.ts';
import { metricValues } from '../judge/values.ts';

/** So many of the newest runs that succeeded tell which metrics a module has. */
const LOOKED_AT = 20;

/** The metrics that a module has had in its newest runs that succeeded, base ones first. */
export function metricsOf(reader: HistoryReader, module: string): string[] {
  const runs = reader.goodRuns(module, LOOKED_AT);
  return [...new Set(runs.flatMap(run => metricValues(run).map(([metric]) => metric)))];
}

/**
 * The modules that are asked for: the named one, or all that have runs.
 *
 * @throws WatchkeeperError 'usage' where the named one has none
 */
export function modulesAsked(reader: HistoryReader, module: string | null): string[] {
  const known = reader.moduleNames();
  if (module === null) return known;
  if (known.includes(module)) return [module];
  const sampled = reader.seriesNames(module).map(({ metric }) => metric);
  const isSampled =
    sampled.length > 0
      ? `; of its samples (${[...new Set(sampled)].join(', ')}) trends and forecasts tell`
      : '';
  throw new WatchkeeperError('usage', `no run of '${module}' is recorded: ${runsText(known)}${isSampled}`);
}

/** Whose runs there are, for messages. */
export function runsText(modules: readonly string[]): string {
  return modules.length === 0 ? 'no module has run yet' : `modules with runs are ${modules.join(', ')}`;
}
