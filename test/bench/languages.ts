import { execFileSync } from 'node:child_process';

/** The interpreter itself: what is in PATH may be the shell script of a version manager. Null where there is none. */
export function findPython(): string | null {
  try {
    const code = 'import sys; print(sys.executable)';
    return execFileSync('python3', ['-c', code], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

/** Number of the system call `getrusage`, which Perl has no name for. */
export const GETRUSAGE = String(process.arch === 'arm64' ? 165 : 98);
