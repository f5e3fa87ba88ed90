import { quantile } from '../../stats/quantile.ts';
import type { Series } from '../data.ts';
import type { TimeRange } from '../shown-range.ts';
import { thinned } from '../thin.ts';

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const NOTHING = '·';

/**
 * The course of a series in block letters: each stands for an equal slice of the time and shows its typical value, on the series' own
 * range. A dot where nothing was measured; empty for no values.
 *
 * @example sparkline({ kind: 'values', timesMs: [0, 1, 2], values: [1, 2, 3] }, { fromMs: 0, toMs: 3 }, 3) // '▁▅█'
 */
export function sparkline(series: Series, { fromMs, toMs }: TimeRange, width: number): string {
  const slots = Array.from({ length: width }, (): number[] => []);
  for (const { timeMs, middle } of thinned(series, fromMs, toMs, width * 8)) {
    const place = Math.min(width - 1, Math.floor(((timeMs - fromMs) / Math.max(1, toMs - fromMs)) * width));
    slots[place]?.push(middle);
  }
  const levels = slots.map(values => quantile(values, 0.5));
  const known = levels.filter(level => level !== null);
  if (known.length === 0) return '';
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return levels.map(level => (level === null ? NOTHING : blockOf(level, low, high))).join('');
}

function blockOf(level: number, low: number, high: number): string {
  const share = high > low ? (level - low) / (high - low) : 0.5;
  return BLOCKS[Math.min(BLOCKS.length - 1, Math.floor(share * BLOCKS.length))] ?? NOTHING;
}
