import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';

export interface Workspace {
  root: string;
  path(...parts: string[]): string;
  write(file: string, text: string): void;
  git(...args: string[]): string;
}

/** A temporary folder, gone after the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-test-')));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** A temporary workspace with its own git repository and one commit; gone after the test. */
export function temporaryWorkspace(t: TestContext, files: Record<string, string> = {}): Workspace {
  const root = temporaryFolder(t);
  const workspace = workspaceAt(root);
  workspace.git('init', '--quiet', '--initial-branch=main');
  for (const [file, text] of Object.entries(files)) workspace.write(file, text);
  workspace.write('.gitignore', 'logs/\n');
  workspace.git('add', '--all');
  workspace.git('commit', '--quiet', '--message=first');
  return workspace;
}

export function workspaceAt(root: string): Workspace {
  return {
    root,
    path: (...parts) => join(root, ...parts),
    write(file, text) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    },
    git: (...args) =>
      execFileSync('git', args, {
        cwd: root,
        encoding: 'utf8',
        env: gitEnvironment(),
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
  };
}

/** Git as on a fresh machine: no settings of this user or this system, no variable of a surrounding git. */
export function gitEnvironment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'User',
    GIT_AUTHOR_EMAIL: 'user@example.org',
    GIT_COMMITTER_NAME: 'User',
    GIT_COMMITTER_EMAIL: 'user@example.org',
  };
}
