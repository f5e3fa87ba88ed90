import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How the keeper (`keeper.pl`) is run on this machine. */
export interface KeeperProgram {
  perl: string;
  script: string;
  /** Numbers of prctl, getrusage, clock_gettime, rt_sigprocmask, rt_sigtimedwait and getsid. */
  systemCalls: string[];
}

const SCRIPT = fileURLToPath(new URL('./keeper.pl', import.meta.url));

const SYSTEM_CALLS: Partial<Record<NodeJS.Architecture, number[]>> = {
  x64: [157, 98, 228, 14, 128, 124],
  arm64: [167, 165, 113, 135, 137, 156],
};

/**
 * The keeper, where this machine can run it: Linux on x86-64 or ARM64, a Perl of 64 bits, and a system that allows the
 * calls (a sandbox may not). Tries it, which takes about 5 ms; null where it does not work.
 *
 * @param perl another Perl than the one that would be found
 */
export function findKeeperProgram(perl = findPerl()): KeeperProgram | null {
  const numbers = process.platform === 'linux' ? SYSTEM_CALLS[process.arch] : undefined;
  if (numbers === undefined || perl === null) return null;
  const program = { perl, script: SCRIPT, systemCalls: numbers.map(String) };
  return works(program) || works(program) ? program : null; // a machine short of processes may fail once
}

function works({ perl, script, systemCalls }: KeeperProgram): boolean {
  const options = { encoding: 'utf8', env: keeperEnvironment(), timeout: 10_000 } as const;
  return spawnSync(perl, [script, '0', '0', '0', 'check', ...systemCalls], options).stdout === 'works';
}

/** The system's own Perl first: one further up in PATH may be a slow wrapper of a version manager. */
function findPerl(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(folder => folder.startsWith('/'));
  return ['/usr/bin', ...folders].map(folder => join(folder, 'perl')).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The keeper's own environment: nothing of the command's, and what Perl itself may need to be loaded. */
export function keeperEnvironment(): Record<string, string> {
  const libraries = process.env['LD_LIBRARY_PATH'];
  return libraries === undefined ? {} : { LD_LIBRARY_PATH: libraries };
}
