import type { Run } from '../glossary/run.ts';
import type { Evidence } from './finding.ts';

/** The ones that were really run: a skipped module was not started. */
export function executed(runs: readonly Run[]): Run[] {
  return runs.filter(({ outcome }) => outcome !== 'skipped');
}

/** Runtimes of the successful ones, seconds. */
export function okRuntimes(runs: readonly Run[]): number[] {
  return runs.flatMap(({ outcome, runtimeSeconds }) =>
    outcome === 'ok' && runtimeSeconds !== null ? [runtimeSeconds] : [],
  );
}

/** The attempts of one module in one iteration, from the first start to the last end. */
export interface Task {
  attempts: Run[];
  startMs: number;
  endMs: number;
  succeeded: boolean;
}

/** Runs of one module by iteration, oldest first. */
export function tasksOf(runs: readonly Run[]): Task[] {
  const byIteration = Map.groupBy(executed(runs), ({ iteration }) => iteration);
  return [...byIteration.values()].map(attempts => ({
    attempts,
    startMs: Math.min(...attempts.map(({ startedAt }) => Date.parse(startedAt))),
    endMs: Math.max(...attempts.map(({ endedAt }) => Date.parse(endedAt))),
    succeeded: attempts.some(({ outcome }) => outcome === 'ok'),
  }));
}

/** What a finding rests on: so many runs, of this time. */
export function evidenceOf(runs: readonly Run[], figures: Record<string, number>): Evidence {
  const times = runs.map(({ startedAt }) => startedAt).sort();
  return { count: runs.length, of: 'runs', from: times[0] ?? null, to: times.at(-1) ?? null, figures };
}
