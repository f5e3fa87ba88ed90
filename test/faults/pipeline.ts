import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '../helpers/workspace.ts';
import type { FaultContext } from './fault.ts';

/**
 * A small pipeline with all that a supervisor does: an interval, retries that fail and succeed, a module after another,
 * a service, and a metric whose incidents open, recover and persist all the time.
 */
const YAML = `history: { runs: 10000 }
git: { commitOn: [ok, recovered, persisted, anomaly, error] }
modules:
  quick: { command: sh step.sh 0, schedule: every 1s }
  slow: { command: sh step.sh 0.3, schedule: every 1s, retries: 1, retryDelay: 10ms }
  next: { command: sh step.sh 0.05, after: [quick] }
services:
  feed: { command: sh step.sh 600 }
detection: { window: 2, recoveryRuns: 2 }
`;

/** Two modules one after the other, for rows that start `once` again and again; incidents and failures as in the other. */
export const TWO_STEPS = `history: { runs: 10000 }
git: { commitOn: [ok, recovered, persisted, anomaly, error] }
modules:
  first: { command: sh step.sh 0 }
  second: { command: sh step.sh 0, after: [first] }
detection: { window: 2, recoveryRuns: 2 }
`;

/** Each start of a module or service leaves its run's id, and whoever finds another one of it still alive says so. */
const step = (marks: string): string => `exec 9>> "${marks}/$WATCHKEEPER_MODULE"
flock --nonblock 9 || echo "$WATCHKEEPER_MODULE" >> "${marks}/twice"
echo "$WATCHKEEPER_RUN_ID" >&9
test -z "$WATCHKEEPER_METRICS" || printf '{"metric":"rows","value":%s}\\n' "$((WATCHKEEPER_ITERATION % 5 / 3))" >> "$WATCHKEEPER_METRICS"
sleep "$1"
test "$((WATCHKEEPER_ITERATION % 4))" != 3
`;

export interface Pipeline {
  workspace: Workspace;
  /** The ids of the runs (of a service: of its starts) that began, by the program's own word. */
  started(name: string): string[];
  /** Those of all modules; without the service. */
  allStarted(): string[];
  /** The file in which a module or a service leaves its ids. */
  markOf(name: string): string;
  /** Names of what ran twice at the same time. */
  twice(): string[];
}

export interface PipelineOptions {
  /** Another configuration for the same `step.sh SECONDS`; each module on one line. */
  yaml?: string;
  /** Where the workspace is made: an empty folder, such as a mounted one. */
  root?: string;
}

/**
 * A workspace with that pipeline, and with work of the user's in it that must stay as it is: a changed file, one that is
 * staged, one that git does not know.
 */
export function pipeline(context: FaultContext, { yaml = YAML, root }: PipelineOptions = {}): Pipeline {
  const marks = mkdtempSync(join(context.folder, 'marks-'));
  const files = { 'watchkeeper.yaml': yaml, 'step.sh': step(marks), 'notes.txt': 'first\n' };
  const workspace = context.workspace(files, root);
  workspace.write('notes.txt', 'first\nand changed\n');
  workspace.write('staged.txt', 'staged\n');
  workspace.git('add', 'staged.txt');
  workspace.write('unknown.txt', 'unknown\n');
  const markOf = (name: string): string => join(marks, name);
  const started = (name: string): string[] => linesOf(markOf(name));
  const modules = (): string[] =>
    [...yaml.matchAll(/^ {2}([a-z-]+): \{ command: sh step/gm)].map(([, name = '']) => name);
  return {
    workspace,
    started,
    allStarted: () =>
      modules()
        .filter(name => name !== 'feed')
        .flatMap(started),
    markOf,
    twice: () => linesOf(join(marks, 'twice')),
  };
}

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}
