import type { Comparison, Verdict } from '../regression/comparison.ts';
import type { TailChange } from '../regression/tail-change.ts';
import { NONE } from './format.ts';
import { metricValue } from './metric-value.ts';
import { table } from './table.ts';

interface Compared extends Comparison {
  /** As it is shown. */
  name: string;
  metric: string;
  /** In words. */
  against: string;
  p95?: TailChange | null;
}

const WORDS: Record<Verdict, string> = {
  worse: 'WORSE',
  better: 'better',
  different: 'different',
  indistinct: 'no difference',
  'too-few': 'too few runs',
};

/**
 * One line for each comparison; with a column for the change of the p95 where one is known.
 *
 * @param newer what the values are called that are compared with others
 * @param width what a table has room for, in characters
 */
export function comparisonTable(all: readonly Compared[], newer: string, width: number): string[] {
  const hasTails = all.some(({ p95 = null }) => p95 !== null);
  const rows = all.map(each => {
    const { name, metric, reference, recent, pAdjusted } = each;
    return [
      ...[name, WORDS[each.verdict], changeText(each)],
      ...[reference, recent].map(({ median }) => metricValue(metric, median)),
      ...(hasTails ? [tailText(each.p95 ?? null)] : []),
      ...[`${reference.n}, ${recent.n}`, pAdjusted === null ? NONE : pAdjusted.toPrecision(2), each.against],
    ];
  });
  const tail = hasTails ? ['p95 (95 %)'] : [];
  const head = ['metric', 'verdict', 'change (95 %)', 'before', newer, ...tail, 'runs', 'p', 'against'];
  return table([head, ...rows], 2, width);
}

/** In the metric's own unit where percents mean nothing. */
function changeText({ metric, changePercent, intervalPercent, change }: Compared): string {
  if (change === null) return NONE;
  if (changePercent === null) return `${change < 0 ? '-' : '+'}${metricValue(metric, Math.abs(change))}`;
  return percentText(changePercent, intervalPercent);
}

function tailText(p95: TailChange | null): string {
  const change = p95?.changePercent ?? null;
  return p95 === null || change === null ? NONE : percentText(change, p95.intervalPercent);
}

function percentText(change: number, interval: Comparison['intervalPercent']): string {
  if (interval === null) return signed(change, ' %');
  return `${signed(change, ' %')} (${signed(interval.low, '')} to ${signed(interval.high, '')})`;
}

const signed = (value: number, unit: string): string => `${value < 0 ? '' : '+'}${value.toFixed(1)}${unit}`;
