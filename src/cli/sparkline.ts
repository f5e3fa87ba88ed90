import { rangeOf } from './plot.ts';

const BLOCKS = '▁▂▃▄▅▆▇█';
const MIDDLE = 3;

/** Means of equal values differ by less. */
const ROUNDING = 1e-12;

/** A series as one line of blocks, the lowest value as the lowest block; a gap where there is no value. */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const count = Math.min(width, values.length);
  const place = (at: number): number => Math.floor((at * values.length) / count);
  const means = Array.from({ length: count }, (_, at) => meanOf(values.slice(place(at), place(at + 1))));
  const [low, high] = rangeOf(means);
  const isFlat = high - low <= ROUNDING * Math.abs(high);
  const levelOf = (value: number): number =>
    isFlat ? MIDDLE : Math.round(((value - low) / (high - low)) * (BLOCKS.length - 1));
  return means.map(value => (value === null ? ' ' : (BLOCKS[levelOf(value)] ?? ' '))).join('');
}

/** Null where none is there. */
function meanOf(values: readonly (number | null)[]): number | null {
  const there = values.filter(value => value !== null);
  return there.length === 0 ? null : there.reduce((sum, value) => sum + value, 0) / there.length;
}
