import { quantile } from '../../stats/quantile.ts';
import type { MetricReport } from '../data.ts';
import { unitOf } from '../quantity.ts';
import type { TimeRange } from '../shown-range.ts';
import type { Column } from '../thin.ts';
import { type ValueAxis, valueAxis } from '../value-axis.ts';

/** Drawings are made on a square of so many units a side, and stretched to their place. */
export const SIDE = 1000;

/** Places on the square; what lies outside of the axis is drawn on its edge. */
export interface Scale {
  axis: ValueAxis;
  range: TimeRange;
  x(timeMs: number): number;
  y(value: number): number;
  isOutside(value: number): boolean;
}

export function scaleOf(axis: ValueAxis, range: TimeRange): Scale {
  const width = Math.max(1, range.toMs - range.fromMs);
  return {
    axis,
    range,
    x: timeMs => within(((timeMs - range.fromMs) / width) * SIDE),
    y: value => within(((axis.high - value) / (axis.high - axis.low)) * SIDE),
    isOutside: value => value > axis.high || value < axis.low,
  };
}

function within(place: number): number {
  return Number.isFinite(place) ? Math.min(SIDE, Math.max(0, Math.round(place))) : 0;
}

/**
 * The axis of a metric's chart: around its values, its band and its forecast. Where few values lie far away from all others the axis
 * ends before them (they are marked on its edge), and a limit is shown where it is not far away: what is normal stays visible.
 */
export function axisOf({ metric, baseline, forecast, limit }: MetricReport, columns: Column[]): ValueAxis {
  const lows = [...columns.map(({ low }) => low), ...(baseline?.low ?? []), ...(forecast?.values ?? [])];
  const highs = [...columns.map(({ high }) => high), ...(baseline?.high ?? []), ...(forecast?.values ?? [])];
  const [bottom, top] = [usualEnd(lows, highs, 'low'), usualEnd(lows, highs, 'high')];
  const reach = top - bottom || Math.abs(top);
  const near = [limit?.value, ...(forecast?.low ?? []), ...(forecast?.high ?? [])].filter(
    value => value !== undefined && value >= bottom - reach && value <= top + reach,
  );
  const ends = [bottom, top, ...near].filter(value => value !== undefined);
  return valueAxis(Math.min(...ends), Math.max(...ends), unitOf(metric));
}

/** The outermost value, or, where it is farther out than one and a half times the range of 98 % of them, the end of that range and a half. */
function usualEnd(lows: number[], highs: number[], end: 'low' | 'high'): number {
  const low = quantile(lows, 0.02) ?? 0;
  const high = quantile(highs, 0.98) ?? 0;
  const reach = (high - low) * 1.5;
  if (end === 'low') {
    const least = lows.reduce((found, each) => Math.min(found, each), low);
    return least >= low - reach ? least : low - reach / 3;
  }
  const most = highs.reduce((found, each) => Math.max(found, each), high);
  return most <= high + reach ? most : high + reach / 3;
}
