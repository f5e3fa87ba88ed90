import type { Command } from '../helpers/supervisor.ts';
import type { Workspace } from '../helpers/workspace.ts';
import type { Need } from './needs.ts';
import type { StartOptions } from './program.ts';

/**
 * The fault matrix: one row for each thing that goes wrong around a supervisor that runs for months, and what it
 * promises all the same. `npm run test:faults` tries all of them, `npm test` the quick ones.
 *
 * To add a row:
 *
 * 1. A file in the folder of its group (`test/faults/GROUP/`), one fault a file, or a few that share an idea. It exports
 *    a `Fault`; its id is `GROUP/some-words`. `crash/kill-at-random.ts` is a simple one to copy from.
 * 2. Its entry in `rows.ts`.
 * 3. `node test/faults/faults.ts --only GROUP/some-words [--quick]` tries it. Run it several times with other `--seed`s.
 *
 * What makes a good row:
 *
 * - The fault really strikes, and the row proves it: the signal that ended the process, a line of strace's log with
 *   `(INJECTED)`, a mount that is in the way. Where it did not, the row says so with `missed(...)`: that is broken too.
 * - It ends with an orderly last start (or the orderly end of the one that lived through it), and then asks
 *   `Witness` (`invariants.ts`) whether all that must hold after any fault does hold; its own promise comes on top.
 * - A promise that does not hold is data: `outcome(problems, ...)`. What throws is broken as well, with its error.
 * - It works in `context.folder`, which is removed afterwards; each process that it starts is started by `context.start`, or
 *   ended in `context.after`. Mounts only in rows with `isolated: true`, which have a mount namespace and a
 *   process of their own: nothing can be left mounted.
 * - Anything that takes longer than a second is told with `context.progress`. Chance comes from `context.random`.
 * - It waits for conditions (`until`), never for times, and is right on two slow and busy cores too.
 */
export interface Fault {
  /** `GROUP/some-words`, unique. */
  id: string;
  group: Group;
  weight: 'critical' | 'high' | 'medium';
  /** How the fault is produced, in words. */
  fault: string;
  /** What holds all the same, in words. */
  promise: string;
  /**
   * It is one of the ordinary tests too: with size `quick` it takes less than 10 s on a slow machine. All quick rows together
   * stay under two minutes: what another test looks at already is not quick.
   */
  quick: boolean;
  /** It takes an hour or more: tried only where its whole id is asked for. */
  onlyByName?: boolean;
  /** What the machine must have; a row without it is skipped, and says why. */
  needs: Need[];
  /** Runs in a process of its own, in a private mount namespace (needs `mount`). */
  isolated?: boolean;
  /** How long it may take, in seconds; without it 60 quick, 900 full. */
  limitSeconds?: { quick: number; full: number };
  inject(context: FaultContext): Promise<Outcome>;
}

export const GROUPS = [
  'crash',
  'files',
  'children',
  'git',
  'time',
  'configuration',
  'lock',
  'secrets',
  'soak',
] as const;
export type Group = (typeof GROUPS)[number];

/** `quick`: a sample, some seconds. `full`: all of it. */
export type Size = 'quick' | 'full';

/** Takes what is to be done when the row is over, however it ends; the last one is done first. */
export interface Cleanup {
  after(act: () => void | Promise<void>): void;
}

export interface FaultContext extends Cleanup {
  size: Size;
  seed: number;
  /** From 0 to below 1, the same for the same seed. */
  random(): number;
  /** A folder of this row alone, with all links resolved; gone afterwards. */
  folder: string;
  /** A workspace in a folder of its own (or in that of `root`), with its own git repository and one commit of these files. */
  workspace(files: Record<string, string>, root?: string): Workspace;
  /** `node supervisor.ts ARGS --root ROOT`, killed when the row is over. */
  start(root: string, args?: string[], options?: StartOptions): Command;
  /** Shown while the row runs. */
  progress(text: string): void;
  /** Aborted when the time of the row is over. */
  signal: AbortSignal;
}

export interface Counts {
  /** Moments at which a process was killed. */
  killPoints: number;
  /** Other faults that struck: failing calls, full disks, signals. */
  faultsInjected: number;
  /** Runs that were shown to somebody (output, performance.json, anomalies.log, a commit). */
  runsAcknowledged: number;
  /** Those of them that are not there in the end. */
  runsLost: number;
}

export interface Outcome {
  kept: boolean;
  /** One line: what was done and seen; where the promise was broken, what is wrong. */
  happened: string;
  counts: Partial<Counts>;
}

/** The promise was kept where there are no problems. */
export function outcome(problems: string[], happened: string, counts: Partial<Counts> = {}): Outcome {
  if (problems.length === 0) return { kept: true, happened, counts };
  const first = problems.slice(0, 5).join('; ');
  const more = problems.length > 5 ? `; and ${problems.length - 5} more` : '';
  return { kept: false, happened: `${happened}: ${first}${more}`, counts };
}

/** The fault did not strike, so that nothing is proved. */
export function missed(why: string, counts: Partial<Counts> = {}): Outcome {
  return { kept: false, happened: `the fault did not strike: ${why}`, counts };
}
