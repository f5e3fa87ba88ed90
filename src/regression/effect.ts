import { batchInflation } from '../stats/batch-inflation.ts';
import { hodgesLehmann, type Interval, type Shift } from '../stats/hodges-lehmann.ts';
import { mannWhitney } from '../stats/mann-whitney.ts';
import { honestP, strictAlpha } from '../stats/serial-evidence.ts';
import { serialInflation } from '../stats/serial-inflation.ts';
import { pseudoMedian, signedRankP } from '../stats/signed-rank.ts';
import { standardDeviation } from '../stats/spread.ts';
import { type Summary, welch } from '../stats/welch.ts';
import { isSummary, type Reference } from './reference.ts';

/** What one test says, on the scale on which it was made. */
export interface Effect {
  /** How much higher the recent values are. */
  shift: number;
  /** Null where there are too few values for one. */
  interval: Interval | null;
  /** Two-tailed, with serial correlation counted in. */
  p: number;
  /** How many times more uncertain the values are than as many independent ones. */
  inflation: number;
}

/** Mann and Whitney's test and the shift of Hodges and Lehmann, made honest for runs that resemble their neighbours. */
export function effectOf(reference: Reference, recent: readonly number[], alpha: number): Effect | null {
  if (typeof reference === 'number') return againstNumber(reference, recent, alpha);
  return isSummary(reference)
    ? againstSummary(reference, recent, alpha)
    : betweenSamples(reference, recent, alpha);
}

function betweenSamples(
  reference: readonly number[],
  recent: readonly number[],
  alpha: number,
): Effect | null {
  const inflation = batchInflation(reference, recent.length, serialInflation([reference, recent]));
  const evidence = { count: reference.length + recent.length, inflation };
  const test = mannWhitney(reference, recent);
  const shift = hodgesLehmann(reference, recent, strictAlpha(alpha, evidence));
  return test === null || shift === null ? null : { ...shift, p: honestP(test.p, evidence), inflation };
}

/** Against one number there is only the noise of the recent values. */
function againstNumber(reference: number, recent: readonly number[], alpha: number): Effect | null {
  const inflation = serialInflation([recent]);
  const evidence = { count: recent.length, inflation };
  const distances = recent.map(value => value - reference);
  const shift: Shift | null = pseudoMedian(distances, strictAlpha(alpha, evidence));
  return shift === null ? null : { ...shift, p: honestP(signedRankP(distances), evidence), inflation };
}

function againstSummary(reference: Summary, recent: readonly number[], alpha: number): Effect | null {
  const deviation = standardDeviation(recent);
  if (deviation === null) return null;
  const inflation = serialInflation([recent]);
  const evidence = { count: reference.n + recent.length, inflation };
  const mean = recent.reduce((sum, value) => sum + value / recent.length, 0);
  const sample = { n: recent.length, mean, standardDeviation: deviation };
  const test = welch(reference, sample, strictAlpha(alpha, evidence));
  if (test === null) return null;
  const { difference, low, high, p } = test;
  return { shift: difference, interval: { low, high }, p: honestP(p, evidence), inflation };
}
