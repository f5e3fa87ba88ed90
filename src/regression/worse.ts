import { worseWhen as worseSide } from '../judge/worse.ts';

/** Which way a metric gets worse; null where only its user knows. */
export type WorseWhen = 'more' | 'less' | null;

const WAYS = { above: 'more', below: 'less' } as const;

/** Which way a metric gets worse, by its name (see judge/worse.ts). */
export function worseWhen(metric: string): WorseWhen {
  const side = worseSide(metric);
  return side === null ? null : WAYS[side];
}
