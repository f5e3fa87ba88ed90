import type { IterationSummary } from '../../src/glossary/iteration.ts';
import type { Run } from '../../src/glossary/run.ts';

/** The runs that a supervisor with `--json` has told of so far. */
export function runsIn(stdout: string): Run[] {
  return linesIn(stdout, 'run').map(line => (JSON.parse(line) as { run: Run }).run);
}

/** The iterations that it has told of so far. */
export function iterationsIn(stdout: string): IterationSummary[] {
  return linesIn(stdout, 'iteration').map(line => JSON.parse(line) as IterationSummary);
}

/** How many those are. */
export function countIterations({ stdout }: { stdout(): string }): number {
  return linesIn(stdout(), 'iteration').length;
}

/** Whole lines: one that was cut off by its end is nothing that was told. */
function linesIn(stdout: string, type: 'run' | 'iteration'): string[] {
  const whole = stdout.slice(0, stdout.lastIndexOf('\n') + 1);
  return whole.split('\n').filter(line => line.startsWith(`{"type":"${type}"`));
}
