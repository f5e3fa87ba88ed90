import type { Point } from '../../glossary/history.ts';

/** Git abbreviates no hash further. */
const SHORTEST = 4;

/**
 * Whether a run is of a revision. Either hash may be the shorter one. A name with `+` means runs with changed files alone, one without it
 * those of the commit as it is: whoever works on a commit compares what was changed with it.
 */
export function isOfRevision({ revision }: Pick<Point, 'revision'>, asked: string): boolean {
  if (revision === null || revision.endsWith('+') !== asked.endsWith('+')) return false;
  const [own, other] = [bare(revision), bare(asked).toLowerCase()];
  return Math.min(own.length, other.length) >= SHORTEST && (own.startsWith(other) || other.startsWith(own));
}

const bare = (revision: string): string => revision.replace(/\+$/, '');
