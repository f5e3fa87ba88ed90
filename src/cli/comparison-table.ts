import type { Comparison, Verdict } from '../regression/comparison.ts';
import { NONE, table } from './format.ts';
import { metricValue } from './metric-value.ts';

interface Compared extends Comparison {
  /** As it is shown. */
  name: string;
  metric: string;
  /** In words. */
  against: string;
}

const WORDS: Record<Verdict, string> = {
  worse: 'WORSE',
  better: 'better',
  different: 'different',
  indistinct: 'no difference',
  'too-few': 'too few runs',
};

/** One line for each comparison. @param newer what the values are called that are compared with others */
export function comparisonTable(all: readonly Compared[], newer: string): string[] {
  const rows = all.map(each => {
    const { name, metric, reference, recent, pAdjusted } = each;
    return [
      ...[name, WORDS[each.verdict], changeText(each)],
      ...[reference, recent].map(({ median }) => metricValue(metric, median)),
      ...[`${reference.n}, ${recent.n}`, pAdjusted === null ? NONE : pAdjusted.toPrecision(2), each.against],
    ];
  });
  const head = ['metric', 'verdict', 'change (95 %)', 'before', newer, 'runs', 'p', 'against'];
  return table([head, ...rows], 2);
}

/** In the metric's own unit where percents mean nothing. */
function changeText({ metric, changePercent, intervalPercent, change }: Compared): string {
  if (change === null) return NONE;
  if (changePercent === null) return `${change < 0 ? '-' : '+'}${metricValue(metric, Math.abs(change))}`;
  if (intervalPercent === null) return signed(changePercent, ' %');
  const { low, high } = intervalPercent;
  return `${signed(changePercent, ' %')} (${signed(low, '')} to ${signed(high, '')})`;
}

const signed = (value: number, unit: string): string => `${value < 0 ? '' : '+'}${value.toFixed(1)}${unit}`;
