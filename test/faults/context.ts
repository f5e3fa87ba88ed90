import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitEnvironment, type Workspace, workspaceAt } from '../helpers/workspace.ts';
import type { FaultContext, Size } from './fault.ts';
import { startSupervisor } from './program.ts';
import { seeded } from './seeded.ts';

export interface RowOptions {
  size: Size;
  seed: number;
  progress(text: string): void;
  signal: AbortSignal;
}

/** The surroundings of one row, and what ends them. */
export function openContext(options: RowOptions): { context: FaultContext; close(): Promise<void> } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-fault-')));
  const cleanups: (() => void | Promise<void>)[] = [
    () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }),
  ];
  const after = (act: () => void | Promise<void>): void => void cleanups.push(act);
  let workspaces = 0;
  const context: FaultContext = {
    ...options,
    random: seeded(options.seed),
    folder,
    after,
    workspace: (files, root = join(folder, `workspace-${++workspaces}`)) => workspaceIn(root, files),
    start(root, args, more) {
      options.signal.throwIfAborted(); // a row whose time is over starts nothing that nobody would end
      return startSupervisor({ after }, root, args, more);
    },
  };
  return { context, close: () => closeAll(cleanups) };
}

/** All of them, whatever one of them throws; then the first that was thrown. */
async function closeAll(cleanups: (() => void | Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const act of cleanups.reverse()) {
    try {
      await act();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

function workspaceIn(root: string, files: Record<string, string>): Workspace {
  mkdirSync(root, { recursive: true });
  const workspace = workspaceAt(root);
  for (const [file, text] of Object.entries(files)) workspace.write(file, text);
  workspace.write('.gitignore', 'logs/\n');
  const git = (...args: string[]): void => {
    execFileSync('git', args, { cwd: root, env: gitEnvironment(), stdio: 'pipe' });
  };
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message=first');
  return workspace;
}
