import { compareSamples } from '../../../src/regression/compare-samples.ts';
import { mean } from '../../../src/stats/mean.ts';
import { standardDeviation } from '../../../src/stats/spread.ts';
import { type Summary, welch } from '../../../src/stats/welch.ts';
import type { History } from './histories.ts';

/** Something that says whether recent runs are slower. */
export interface Rival {
  name: string;
  isAlarm(history: History): boolean;
}

/** What is measured, first, and what it is measured against. */
export const RIVALS: Rival[] = [
  { name: 'check-regression', isAlarm: withThreshold(null) },
  { name: 't-test', isAlarm: tTest(0) },
  { name: 't-test and 5 %', isAlarm: tTest(5) },
  { name: 't-test and 10 %', isAlarm: tTest(10) },
];

/** The comparison at another threshold than the default. */
export function withThreshold(thresholdPercent: number | null): Rival['isAlarm'] {
  const threshold = thresholdPercent === null ? {} : { thresholdPercent };
  return ({ reference, recent }) =>
    compareSamples(reference, recent, { metric: 'runtimeSeconds', ...threshold }).verdict === 'worse';
}

/** Welch's test at p < 0.05, two-tailed, and a mean that is higher by so many percent. */
function tTest(percent: number): Rival['isAlarm'] {
  return ({ reference, recent }) => {
    const [before, after] = [summary(reference), summary(recent)];
    const test = welch(before, after, 0.05);
    return test !== null && test.p < 0.05 && test.difference > (before.mean * percent) / 100;
  };
}

export function summary(values: readonly number[]): Summary {
  return { n: values.length, mean: mean(values) ?? 0, standardDeviation: standardDeviation(values) ?? 0 };
}
