import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultContext } from './fault.ts';

export interface Traced {
  /** What stands before the program on the command line; the process is the program itself, the tracer stands aside. */
  around: string[];
  /** What the tracer has written so far; complete when the program has ended and its output is closed. */
  log(): string;
  /** How many calls were changed (an error, a value) or delayed. */
  injected(): number;
}

export interface TraceOptions {
  /** The system calls that are watched; those of `inject` among them. */
  calls: string;
  /** `fsync,rename:error=EIO:when=3`: see strace(1), "Tampering". Each thread is counted for itself. */
  inject?: string;
  /** `main`: the main thread alone, which does all storage but the logs. `threads`: those too, but no child process. `all` */
  follow?: 'main' | 'threads' | 'all';
}

let logs = 0;

/** Starts the program under strace, which fails, delays or kills at the calls that are named. */
export function strace(context: FaultContext, { calls, inject, follow = 'main' }: TraceOptions): Traced {
  const path = join(context.folder, `strace-${++logs}.log`);
  const followed = { main: [], threads: ['-f', '-b', 'execve'], all: ['-f'] }[follow];
  const tampering = inject === undefined ? [] : ['-e', `inject=${inject}`];
  const log = (): string => (existsSync(path) ? readFileSync(path, 'latin1') : '');
  return {
    around: ['strace', '-D', ...followed, '-o', path, '-e', `trace=${calls}`, ...tampering, '--'],
    log,
    injected: () => log().match(/\((?:INJECTED|DELAYED)[^)]*\)/g)?.length ?? 0,
  };
}
