/** How many dots a Braille character has beside and above one another, and the bit of each. */
const ACROSS = 2;
const DOWN = 4;
const BITS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;
const BLANK = 0x28_00;

/**
 * A series drawn with Braille dots: what falls into the same dot column is drawn from its lowest to its highest value.
 *
 * @param width, height in characters
 * @returns the lines, from the top
 */
export function plotted(values: readonly (number | null)[], width: number, height: number): string[] {
  const cells = Array.from({ length: height }, () => new Uint8Array(width));
  const [low, high] = rangeOf(values);
  const rows = height * DOWN;
  const place = (value: number): number =>
    high === low ? rows >> 1 : Math.round(((high - value) / (high - low)) * (rows - 1));
  spansOf(values, width * ACROSS).forEach((span, x) => {
    if (span === null) return;
    for (let y = place(span.high); y <= place(span.low); y += 1) dot(cells, x, y);
  });
  return cells.map(row => Array.from(row, bits => String.fromCharCode(BLANK + bits)).join(''));
}

function dot(cells: Uint8Array[], x: number, y: number): void {
  const row = cells[Math.floor(y / DOWN)];
  const column = Math.floor(x / ACROSS);
  if (row?.[column] !== undefined) row[column] = row[column] | (BITS[x % ACROSS]?.[y % DOWN] ?? 0);
}

/** The smallest and the largest value; `[0, 0]` where there is none. */
export function rangeOf(values: readonly (number | null)[]): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low > high ? [0, 0] : [low, high];
}

/** For each of `count` equal parts the range of its values; null where it has none. Fewer values than parts are spread out. */
function spansOf(
  values: readonly (number | null)[],
  count: number,
): ({ low: number; high: number } | null)[] {
  const spans = new Array<{ low: number; high: number } | null>(count).fill(null);
  values.forEach((value, index) => {
    if (value === null) return;
    const x = partOf(index, values.length, count);
    const span = spans[x] ?? null;
    spans[x] =
      span === null
        ? { low: value, high: value }
        : { low: Math.min(span.low, value), high: Math.max(span.high, value) };
  });
  return spans;
}

/** In which of `count` equal parts the value at `index` of `length` lies. */
export function partOf(index: number, length: number, count: number): number {
  return Math.min(count - 1, Math.floor((index / length) * count));
}
