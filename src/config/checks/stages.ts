import { type Draft, rawOf } from '../draft.ts';
import { parseDuration } from '../duration.ts';
import type { Finding } from '../problems.ts';

const LAST = 'the last stage, and only that one, has no `until`';

/** Stages follow one another: each ends later than the one before, and the last one never does. */
export function* stages(draft: Draft): Generator<Finding> {
  const given = draft.given['stages'];
  if (!Array.isArray(given)) return;
  const seen = new Set<unknown>();
  let latest = 0;
  for (const [index, item] of given.entries()) {
    const { name, until } = rawOf(item);
    const path = ['stages', index] as const;
    const last = index === given.length - 1;
    if (last !== (until === undefined)) yield { path: last ? [...path, 'until'] : path, message: LAST };
    if (typeof name === 'string' && seen.has(name))
      yield { path: [...path, 'name'], message: 'is given twice' };
    seen.add(name);
    const ms = typeof until === 'string' ? parseDuration(until) : null;
    if (ms !== null && ms <= latest) {
      yield { path: [...path, 'until'], message: 'must be later than the end of the stage before' };
    }
    latest = Math.max(latest, ms ?? 0);
  }
}
