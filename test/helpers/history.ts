import { execFileSync } from 'node:child_process';
import { gitEnvironment, type Workspace } from './workspace.ts';

/** A commit of a history that is made at once: its files, each whole. */
export interface Written {
  subject: string;
  files: Record<string, string>;
  /** `Name <address>`; default: the user's. */
  author?: string;
  /** Further lines of the message. */
  body?: string;
}

/** A commit as the supervisor makes them. */
export function ownCommit(subject: string, files = { 'data/status.json': '{}' }): Written {
  const author = 'Watchkeeper <watchkeeper@localhost>';
  return { subject, files, author, body: 'Watchkeeper-Iteration: 42\nWatchkeeper-Status: ok' };
}

/** Adds commits on top of the branch `main` and checks the last one out. One process, whatever their number. */
export function addHistory(workspace: Workspace, commits: readonly Written[]): void {
  const stream = commits.map(({ subject, files, author = 'User <user@example.org>', body = '' }, index) =>
    [
      'commit refs/heads/main',
      `author ${author} ${1_700_000_000 + index * 3_600} +0000`,
      `committer ${author} ${1_700_000_000 + index * 3_600} +0000`,
      dataOf(body === '' ? subject : `${subject}\n\n${body}`),
      ...(index === 0 ? ['from refs/heads/main^0'] : []),
      ...Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${dataOf(text)}`),
      '',
    ].join('\n'),
  );
  execFileSync('git', ['fast-import', '--quiet'], {
    cwd: workspace.root,
    env: gitEnvironment(),
    input: stream.join('\n'),
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  workspace.git('reset', '--hard', '--quiet');
}

const dataOf = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}`;
