import type { ApiFigures, Run } from './glossary/run.ts';
import { roundSignificant, roundTo } from './stats/round.ts';

/** Decimals by unit: a microsecond, a thousandth of a megabyte, a hundredth of a percent. */
const DECIMALS = { seconds: 6, mb: 3, percent: 2 } as const;

/**
 * A number as files show it: rounded to the unit's decimals. Rounding a second time changes nothing.
 *
 * @example rounded(0.1 + 0.2, 'seconds') // 0.3
 */
export function rounded(value: number, unit: keyof typeof DECIMALS): number {
  return roundTo(value, DECIMALS[unit]);
}

/**
 * A run as it is stored and shown: its measurements rounded, what it reported itself (`custom`) exactly as it said.
 * What is no finite number cannot stand in JSON: it was not measured.
 */
export function roundedRun(run: Run): Run {
  return {
    ...run,
    runtimeSeconds: nullable(run.runtimeSeconds, 'seconds'),
    cpuSeconds: nullable(run.cpuSeconds, 'seconds'),
    cpuPercent: nullable(run.cpuPercent, 'percent'),
    memoryMb: nullable(run.memoryMb, 'mb'),
    apiLatencySeconds: nullable(run.apiLatencySeconds, 'seconds'),
    api: run.api === null ? null : roundedApi(run.api),
    setupSeconds: nullable(run.setupSeconds, 'seconds'),
    cleanupSeconds: nullable(run.cleanupSeconds, 'seconds'),
    samplesPerSecond: rate(run.samplesPerSecond),
    diskReadMb: nullable(run.diskReadMb, 'mb'),
    diskWrittenMb: nullable(run.diskWrittenMb, 'mb'),
    custom: Object.fromEntries(Object.entries(run.custom).filter(([, value]) => Number.isFinite(value))),
  };
}

function roundedApi({ count, errors, p95, max }: ApiFigures): ApiFigures {
  return { count, errors, p95: rounded(p95, 'seconds'), max: rounded(max, 'seconds') };
}

function nullable(value: number | null, unit: keyof typeof DECIMALS): number | null {
  return value === null || !Number.isFinite(value) ? null : rounded(value, unit);
}

/** A rate may be of any size: digits count, not decimals. */
const RATE_DIGITS = 6;

function rate(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : roundSignificant(value, RATE_DIGITS);
}
