import { rangeOf } from './plot.ts';

const BLOCKS = '▁▂▃▄▅▆▇█';

/** A series as one line of blocks, the lowest value as the lowest block; a gap where there is no value. */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const count = Math.min(width, values.length);
  const means = Array.from({ length: count }, (_, at) => meanOf(values, at / count, (at + 1) / count));
  const [low, high] = rangeOf(means);
  return means
    .map(value => {
      if (value === null) return ' ';
      const level = high === low ? 3 : Math.round(((value - low) / (high - low)) * (BLOCKS.length - 1));
      return BLOCKS[level] ?? ' ';
    })
    .join('');
}

/** Of the values between two shares of the series; null where none is there. */
function meanOf(values: readonly (number | null)[], from: number, to: number): number | null {
  const part = values
    .slice(
      Math.floor(from * values.length),
      Math.max(Math.floor(to * values.length), Math.floor(from * values.length) + 1),
    )
    .filter(value => value !== null);
  return part.length === 0 ? null : part.reduce((sum, value) => sum + value, 0) / part.length;
}
