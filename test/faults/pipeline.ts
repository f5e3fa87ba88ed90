import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PIPELINE, stepScript } from '../helpers/steps.ts';
import type { Workspace } from '../helpers/workspace.ts';
import type { FaultContext } from './fault.ts';

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
 * A workspace with a pipeline of steps (`helpers/steps.ts`), and with work of the user's in it that must stay as it is: a changed file, one that is
 * staged, one that git does not know.
 */
export function pipeline(context: FaultContext, { yaml = PIPELINE, root }: PipelineOptions = {}): Pipeline {
  const marks = mkdtempSync(join(context.folder, 'marks-'));
  const files = { 'watchkeeper.yaml': yaml, 'step.sh': stepScript(marks), 'notes.txt': 'first\n' };
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
