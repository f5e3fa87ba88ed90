import type { Rule } from '../glossary/detection-settings.ts';
import { quantile } from '../stats/quantile.ts';
import { incidentsUnder } from './replay.ts';

const THRESHOLDS = [30, 40, 50, 60, 75, 100, 150, 200, 300];

interface Quieter {
  rule: Rule;
  /** What it would have made of the same values. */
  incidents: number;
}

/**
 * The rule with a floor or a threshold that is just high enough, whichever of the two still sees the smaller change at the usual
 * level. Null where even a threshold of 300 % would not be: the metric says nothing.
 */
export function quieterRule(values: readonly number[], rule: Rule, most: number): Quieter | null {
  const level = Math.abs(quantile(values, 0.5) ?? 0);
  const largest = Math.max(...values.map(Math.abs));
  const thresholds = THRESHOLDS.filter(each => each > rule.thresholdPercent);
  const floors = usualNumbers(largest).filter(each => each > rule.floor && each <= 3 * level);
  const byThreshold = thresholds.map(thresholdPercent => ({ ...rule, thresholdPercent }));
  const byFloor = floors.map(floor => ({ ...rule, floor }));
  const seen = ({ rule: { thresholdPercent, floor } }: Quieter): number =>
    Math.max((thresholdPercent / 100) * level, floor);
  const found = [byThreshold, byFloor].flatMap(rules => firstQuiet(values, rules, most) ?? []);
  return found.sort((a, b) => seen(a) - seen(b))[0] ?? null;
}

/** Of rules that are ever quieter the first one that is quiet enough, by halving: each is tried by a whole replay. */
function firstQuiet(values: readonly number[], rules: readonly Rule[], most: number): Quieter | null {
  let found: Quieter | null = null;
  let [low, high] = [0, rules.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const rule = rules[middle];
    const incidents = rule === undefined ? 0 : incidentsUnder(rule, values);
    if (rule !== undefined && incidents <= most) {
      found = { rule, incidents };
      high = middle;
    } else low = middle + 1;
  }
  return found;
}

/** 1, 2, 3, 5 times powers of ten, six decades up to a size, ascending. */
function usualNumbers(upTo: number): number[] {
  if (upTo <= 0) return [];
  const top = Math.ceil(Math.log10(upTo));
  const decades = Array.from({ length: 7 }, (_, index) => top - 6 + index);
  return decades.flatMap(decade => [1, 2, 3, 5].map(digit => Number(`${digit}e${decade}`)));
}
