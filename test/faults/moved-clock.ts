import { execFileSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultContext } from './fault.ts';

/** The wall clock of a supervisor and its children, set from outside. What counts seconds (timers, runtimes) runs as always. */
export interface MovedClock {
  /** For `context.start`. */
  env: Record<string, string>;
  /** Milliseconds since 1970 by that clock. */
  now(): number;
  set(epochMs: number): void;
}

let clocks = 0;

/** Needs `faketime`. */
export function movedClock(context: FaultContext, epochMs: number): MovedClock {
  const path = join(context.folder, `clock-${++clocks}`);
  let offsetMs = 0;
  const clock: MovedClock = {
    env: {
      LD_PRELOAD: libraryPath(),
      FAKETIME_TIMESTAMP_FILE: path,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1', // the same, by its name in older releases
    },
    now: () => Date.now() + offsetMs,
    set(to) {
      offsetMs = to - Date.now();
      writeFileSync(`${path}.new`, `${offsetMs < 0 ? '' : '+'}${(offsetMs / 1000).toFixed(3)}\n`);
      renameSync(`${path}.new`, path);
    },
  };
  clock.set(epochMs);
  return clock;
}

/** As the `faketime` program itself sets it, in the variant for programs with threads. */
function libraryPath(): string {
  const env = execFileSync('faketime', ['-m', '-f', '+0', 'env'], { encoding: 'utf8' });
  const path = /^LD_PRELOAD=(.+)$/m.exec(env)?.[1];
  if (path === undefined) throw new Error('faketime does not say which library it loads');
  return path;
}
