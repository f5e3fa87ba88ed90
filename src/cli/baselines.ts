import { join } from 'node:path';
import type { KeptBaseline } from '../baseline/kept.ts';
import { EXIT, WatchkeeperError } from '../errors.ts';
import { parseMetricName } from '../questions/metric-name.ts';
import { openToAmend } from '../store/amend.ts';
import { STORE_FILE } from '../store/open-to-read.ts';
import type { CliCommand, Context } from './command.ts';
import { NONE, table } from './format.ts';
import { metricValue } from './metric-value.ts';
import { shown } from './shown.ts';

/** Lists the baselines that were set, or removes some. */
export const baselines: CliCommand = async (context, args) => {
  const [action, ...names] = args;
  if (action === 'rm' && names.length > 0) return remove(context, names);
  if (action !== undefined)
    throw new WatchkeeperError(
      'usage',
      'write `baselines`, or `baselines rm MODULE` or `baselines rm MODULE.METRIC`',
    );
  return shown(context, store => ({ answer: store.baselines(), lines: baselineLines, exit: EXIT.done }));
};

function remove(context: Context, names: string[]): Promise<0> {
  const amend = openToAmend(join(context.root, 'data', STORE_FILE));
  try {
    const removed = names.map(name => {
      const { source = name, metric = null } = parseMetricName(name) ?? {};
      return { name, removed: amend.removeBaselines(source, metric) };
    });
    const missing = removed.filter(each => each.removed === 0).map(({ name }) => name);
    if (missing.length > 0)
      throw new WatchkeeperError(
        'usage',
        `no baseline of ${missing.join(', ')} was set: \`baselines\` lists them`,
      );
    const count = removed.reduce((sum, each) => sum + each.removed, 0);
    context.stdout.write(
      context.json ? `${JSON.stringify({ removed: count })}\n` : `${count} baseline(s) removed\n`,
    );
    return Promise.resolve(EXIT.done);
  } finally {
    amend.close();
  }
}

/** A table of them, with what speaks against each. */
export function baselineLines(kept: readonly KeptBaseline[]): string[] {
  if (kept.length === 0)
    return ['no baseline was set: `watchkeeper set-baseline MODULE` makes one of the newest runs'];
  const rows = kept.map(baseline => {
    const { module, metric, n, mean, standardDeviation, percentiles, outliers, season, source } = baseline;
    const value = (each: number | null | undefined): string => metricValue(metric, each ?? null);
    const rhythm =
      season === null ? NONE : season.by === 'hour' ? 'by hour' : `${season.effects.length} runs`;
    return [
      ...[`${module}.${metric}`, source, n === 0 ? NONE : String(n), String(outliers.length)],
      ...[value(mean), value(standardDeviation), value(percentiles?.p50), value(percentiles?.p95), rhythm],
    ];
  });
  const head = ['metric', 'made of', 'values', 'outliers', 'mean', 'deviation', 'median', 'p95', 'rhythm'];
  const warnings = kept.flatMap(({ module, metric, warnings: of }) =>
    of.map(text => `${module}.${metric}: ${text}`),
  );
  return [...table([head, ...rows], 2), ...(warnings.length === 0 ? [] : ['', ...warnings])];
}
