import type { KeptBaseline } from '../baseline/kept.ts';
import { EXIT, type ExitCode, WatchkeeperError } from '../errors.ts';
import { parseMetricName } from '../metric-name.ts';
import { amending } from '../store/amend.ts';
import type { CliCommand, Context } from './command.ts';
import { NONE } from './format.ts';
import { metricValue } from './metric-value.ts';
import { shown } from './shown.ts';
import { table } from './table.ts';

/** Lists the baselines that were set, or removes some. */
export const baselines: CliCommand = async (context, args) => {
  const [action, ...names] = args;
  if (action === 'rm' && names.length > 0) return remove(context, names.map(toRemove));
  if (action !== undefined)
    throw new WatchkeeperError(
      'usage',
      'write `baselines`, or `baselines rm MODULE` or `baselines rm MODULE.METRIC`',
    );
  return shown(context, store => ({ answer: store.baselines(), lines: baselineLines, exit: EXIT.done }));
};

/** All of a module, or that of one metric. */
interface ToRemove {
  text: string;
  module: string;
  metric: string | null;
}

function toRemove(text: string): ToRemove {
  const name = parseMetricName(text);
  return { text, module: name?.source ?? text, metric: name?.metric ?? null };
}

/** All that is named, or nothing. */
function remove(context: Context, named: readonly ToRemove[]): Promise<ExitCode> {
  return shown(context, store => {
    const kept = store.baselines();
    const isThere = ({ module, metric }: ToRemove): boolean =>
      kept.some(each => each.module === module && (metric === null || each.metric === metric));
    const missing = named.filter(each => !isThere(each)).map(({ text }) => text);
    if (missing.length > 0)
      throw new WatchkeeperError(
        'usage',
        `no baseline of ${missing.join(', ')} was set, so none is removed: \`baselines\` lists them`,
      );
    const removed = amending(context.root, writes =>
      named.reduce((sum, { module, metric }) => sum + writes.removeBaselines(module, metric), 0),
    );
    return { answer: { removed }, lines: () => [`${removed} baseline(s) removed`], exit: EXIT.done };
  });
}

/** A table of them, with what speaks against each. */
export function baselineLines(kept: readonly KeptBaseline[], width: number): string[] {
  if (kept.length === 0)
    return ['no baseline was set: `watchkeeper set-baseline MODULE` makes one of the newest runs'];
  const rows = kept.map(rowOf);
  const head = ['metric', 'values', 'outliers', 'mean', 'deviation', 'median', 'p95', 'rhythm', 'made of'];
  const warnings = kept.flatMap(({ module, metric, warnings: of }) =>
    of.map(text => `${module}.${metric}: ${text}`),
  );
  return [...table([head, ...rows], 1, width), ...(warnings.length === 0 ? [] : ['', ...warnings])];
}

function rowOf({ module, metric, n, outliers, source, season, ...figures }: KeptBaseline): string[] {
  const { mean, standardDeviation, percentiles } = figures;
  const value = (each: number | null | undefined): string => metricValue(metric, each ?? null);
  return [
    ...[`${module}.${metric}`, n === 0 ? NONE : String(n), String(outliers.length)],
    ...[mean, standardDeviation, percentiles?.p50, percentiles?.p95].map(value),
    ...[rhythmText(season), source],
  ];
}

function rhythmText(season: KeptBaseline['season']): string {
  if (season === null) return NONE;
  return season.by === 'hour' ? 'by hour' : `${season.effects.length} runs`;
}
