import { refuseServices } from '../config/known-modules.ts';
import { EXIT, WatchkeeperError } from '../errors.ts';
import { given } from '../given.ts';
import { type By, type CompareAnswer, compare as compareOf } from '../questions/compare.ts';
import type { CliCommand } from './command.ts';
import { countOption } from './duration.ts';
import { NONE } from './format.ts';
import { metricValue } from './metric-value.ts';
import { optional } from './optional.ts';
import { shown } from './shown.ts';
import { table } from './table.ts';

/** Which module, revision or label is best in a metric. */
export const compare: CliCommand = (context, modules, options) => {
  const { by, metric, runs } = options as { by?: string; metric?: string; runs?: string };
  const question = given({
    ...{ metric, modules: modules.length === 0 ? undefined : modules },
    by: optional(by, byOption),
    runs: optional(runs, text => countOption('--runs', text)),
  });
  return shown(context, async store => {
    await refuseServices(context.root, store.moduleNames(), modules);
    return { answer: compareOf(store, question), lines, exit: EXIT.done };
  });
};

function byOption(text: string): By {
  if (text === 'module' || text === 'revision') return text;
  const [, label] = /^label[ =:](.+)$/.exec(text) ?? [];
  if (label !== undefined) return { label: label.trim() };
  throw new WatchkeeperError('usage', `--by takes module, revision or "label NAME", not '${text}'`);
}

const PLACES = { best: 'best', 'as-good': 'as good', worse: 'worse', 'too-few': 'too few runs' } as const;

function lines({ metric, groups, differences, by, leftOut }: CompareAnswer, width: number): string[] {
  const rows = groups.map(({ name, n, median, ratio, interval, p, place }) => [
    ...[name, PLACES[place], metricValue(metric, median)],
    ratio === null ? NONE : `${ratio.toFixed(2)} x`,
    interval === null ? NONE : `${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}`,
    ...[p === null ? NONE : p.toPrecision(2), String(n)],
  ]);
  const head = [by, 'place', metric, 'times the best', '95 %', 'p', 'runs'];
  const sure =
    differences.length === 0
      ? 'no difference beyond chance'
      : `${differences.length} pair(s) differ beyond chance`;
  const others = leftOut === 0 ? [] : [`${leftOut} earlier one(s) are left out`];
  return [...table([head, ...rows], 2, width), '', ...others, sure];
}
