/** A place in a drawing. */
export type Place = readonly [x: number, y: number];

/**
 * An SVG path through places in whole numbers, from the second one on as distances: half the size of a path with places.
 *
 * @example pathThrough([[0, 500], [3, 488], [6, 530]]) // 'M0 500l3-12 3 42'
 */
export function pathThrough(places: readonly Place[]): string {
  const [first, ...rest] = places;
  if (first === undefined) return '';
  // A line without length is a dot: its round ends are drawn.
  if (rest.length === 0) return `M${first[0]} ${first[1]}h0`;
  const steps = rest.map(([x, y], index) => {
    const [beforeX, beforeY] = places[index] ?? first;
    return pair(x - beforeX, y - beforeY);
  });
  return `M${first[0]} ${first[1]}l${steps.join(' ').replaceAll(' -', '-')}`;
}

function pair(x: number, y: number): string {
  return y < 0 ? `${x}${y}` : `${x} ${y}`;
}

/** A closed area between an upper and a lower line of the same length; without width where it has one place alone. */
export function areaBetween(upper: readonly Place[], lower: readonly Place[]): string {
  if (upper.length === 0) return '';
  return `${pathThrough([...upper, ...lower.toReversed()])}z`;
}

/**
 * What belongs together: cut where the distance in time to the next one is over eight times the usual one.
 *
 * @returns the pieces, in order
 */
export function pieces<T extends { timeMs: number }>(columns: readonly T[]): T[][] {
  const distances = columns.slice(1).map(({ timeMs }, index) => timeMs - (columns[index]?.timeMs ?? timeMs));
  const usual = distances.toSorted((a, b) => a - b)[distances.length >> 1] ?? 0;
  const found: T[][] = [];
  columns.forEach((column, index) => {
    const last = found.at(-1);
    if (last === undefined || (distances[index - 1] ?? 0) > usual * 8) found.push([column]);
    else last.push(column);
  });
  return found;
}
