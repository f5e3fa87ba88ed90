import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../helpers/workspace.ts';

const REAL_GIT = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();

export interface ScriptedGit {
  /** A PATH on which this git comes first. */
  path: string;
  /** For the files of the script, which runs in it as `$folder`. */
  file(name: string): string;
  /** While the work runs, this git is the one that our own code finds. */
  during<T>(work: () => Promise<T>): Promise<T>;
}

/** A git that runs a piece of shell first; `$git` is the real one, which it becomes where the script does not end. */
export function scriptedGit(t: TestContext, script: string): ScriptedGit {
  const folder = temporaryFolder(t);
  const text = `#!/bin/sh\nfolder='${folder}'\ngit='${REAL_GIT}'\n${script}\nexec "$git" "$@"\n`;
  writeFileSync(join(folder, 'git'), text);
  chmodSync(join(folder, 'git'), 0o755);
  const path = `${folder}${delimiter}${process.env['PATH']}`;
  return {
    path,
    file: name => join(folder, name),
    async during(work) {
      const before = process.env['PATH'];
      process.env['PATH'] = path;
      try {
        return await work();
      } finally {
        process.env['PATH'] = before;
      }
    },
  };
}

/** A git that writes down its commands; `take` gives those since the last time, without the settings before them. */
export function countingGit(t: TestContext): ScriptedGit & { take(): string[] } {
  const git = scriptedGit(t, 'echo "$*" >> "$folder/log"');
  return {
    ...git,
    take() {
      const lines = existsSync(git.file('log'))
        ? readFileSync(git.file('log'), 'utf8').trim().split('\n')
        : [];
      rmSync(git.file('log'), { force: true });
      return lines.map(line => line.replace(/^(-c \S+ )*(--\S+ )*/, '').split(' ')[0] ?? '').sort();
    },
  };
}
