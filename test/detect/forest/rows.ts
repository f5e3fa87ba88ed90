import type { Rows } from '../../../src/detect/forest/grow.ts';
import { gaussian } from '../../../src/stats/random.ts';

export function rowsOf(rows: readonly (readonly number[])[]): Rows {
  const features = rows[0]?.length ?? 0;
  return { data: Float32Array.from(rows.flat()), count: rows.length, features };
}

export function normalRows(count: number, features: number, random: () => number): number[][] {
  return Array.from({ length: count }, () => Array.from({ length: features }, () => gaussian(random)));
}

/** The length of a row's path through a tree, walked from the list in which it is saved. */
export function slowLength(
  list: readonly number[],
  row: readonly number[],
  c: (size: number) => number,
): number {
  let at = 0;
  const walk = (level: number, isOnPath: boolean): number => {
    const [first = Number.NaN, second = Number.NaN] = list.slice(at, at + 2);
    at += 2;
    if (first === -1) return isOnPath ? level + c(second) : 0;
    const isLeft = (row[first] ?? Number.NaN) <= second;
    return walk(level + 1, isOnPath && isLeft) + walk(level + 1, isOnPath && !isLeft);
  };
  return walk(0, true);
}
