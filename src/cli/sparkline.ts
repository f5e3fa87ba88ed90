import { rangeOf } from './plot.ts';

const BLOCKS = '▁▂▃▄▅▆▇█';

/** A series as one line of blocks, the lowest value as the lowest block; a gap where there is no value. */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const count = Math.min(width, values.length);
  const place = (at: number): number => Math.floor((at * values.length) / count);
  const means = Array.from({ length: count }, (_, at) => meanOf(values.slice(place(at), place(at + 1))));
  const [low, high] = rangeOf(means);
  return means
    .map(value => {
      if (value === null) return ' ';
      const level = high === low ? 3 : Math.round(((value - low) / (high - low)) * (BLOCKS.length - 1));
      return BLOCKS[level] ?? ' ';
    })
    .join('');
}

/** Null where none is there. */
function meanOf(values: readonly (number | null)[]): number | null {
  const there = values.filter(value => value !== null);
  return there.length === 0 ? null : there.reduce((sum, value) => sum + value / there.length, 0);
}
