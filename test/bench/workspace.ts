import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Workspace, workspaceAt } from '../helpers/workspace.ts';
import { cleanedUpAtLast } from './leftovers.ts';

/**
 * Gives the work a temporary workspace; gone afterwards.
 *
 * @param git with a git repository of its own and one commit in it, as by default
 */
export async function inWorkspace<T>(
  yaml: string,
  work: (workspace: Workspace) => Promise<T>,
  { git = true } = {},
): Promise<T> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), `watchkeeper-bench-${process.pid}-`)));
  const remove = cleanedUpAtLast(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  try {
    const workspace = workspaceAt(root);
    workspace.write('watchkeeper.yaml', yaml);
    if (git) beginRepository(workspace);
    return await work(workspace);
  } finally {
    remove();
  }
}

function beginRepository({ git }: Workspace): void {
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message=first');
}

/** No metric is an anomaly: a noisy machine must not make the supervisor work more in one run than in the next. */
export const NO_ANOMALIES = `
detection: { floors: { runtimeSeconds: 1000, cpuPercent: 100000, memoryMb: 100000, apiLatencySeconds: 1000 } }
`;
