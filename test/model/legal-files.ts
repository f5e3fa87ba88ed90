import { isDeepStrictEqual } from 'node:util';
import { parsed, runsOfPerformance } from '../faults/invariants/files.ts';
import type { History } from './history.ts';
import type { Recovered, Shown } from './recover.ts';

/** One of the versions that stood there since the last one that was shown; the log may have more lines, and a torn tail. */
export function foundProblems(file: keyof Shown, found: string | null, history: History): string[] {
  const versions = history.versions[file].map(({ text }) => text);
  const legal = versions.slice(history.shown[file]);
  const isWhole = file === 'log' || found === null || found === versions[0] || parsed(found) !== null;
  if (!isWhole) return [`after the crash ${file} is not whole: ${found.slice(0, 60)}`];
  if (legal.includes(found)) return [];
  if (file === 'log' && found !== null && legal.some(text => text !== null && found.startsWith(text)))
    return [];
  const what =
    found === null
      ? 'is not there'
      : versions.includes(found)
        ? 'is older than what was shown'
        : 'is no version of it';
  return [`after the crash ${file} ${what}: ${found?.slice(0, 60)}`];
}

/** Without a power failure the log holds each line once and in order, at any moment; unless somebody else has edited it. */
export function lineProblems(found: string | null, { versions, linesBefore, runs }: History): string[] {
  if (found === null || found === versions.log[0]?.text) return [];
  const lines = found
    .slice(0, found.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean);
  const expected = [...linesBefore, ...runs.flatMap(run => run.lines)];
  return isDeepStrictEqual(lines, expected.slice(0, lines.length))
    ? []
    : [`the log held other lines: ${found.slice(-200)}`];
}

/** What a file shows is never taken back, and never half there. */
export function shownProblems({ found, caughtUp, final, store }: Recovered): string[] {
  const [before, between] = [found, caughtUp].map(({ performance }) => runsOfPerformance(performance ?? ''));
  const lost = [...(before ?? []), ...(between ?? [])].filter(
    ([id, text]) => store.runs.get(id)?.text !== text,
  );
  const taken = [...(between ?? new Map()).keys()];
  const dropped = [...(before ?? new Map()).keys()].filter(id => !taken.includes(id));
  const log = caughtUp.log ?? '';
  return [
    ...lost.map(([id]) => `performance.json showed run ${id}, which the store does not hold so`),
    ...dropped.map(id => `performance.json no longer shows run ${id}`),
    ...(log === '' || (final.log ?? '').startsWith(log)
      ? []
      : ['the log was changed after it had caught up']),
  ];
}
