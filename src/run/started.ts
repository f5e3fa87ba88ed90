import type { Readable } from 'node:stream';
import type { ChildSpec } from '../glossary/child.ts';
import type { ProcessStat } from '../process-identity.ts';
import type { KnownProcess } from './meter.ts';
import type { StartError } from './start-error.ts';

/** How a command itself ended; what it left behind may still be there. */
export interface CommandExit {
  exitCode: number | null;
  signal: string | null;
  /** Null where only the outside can say. */
  runtimeSeconds: number | null;
  startError: StartError | null;
}

/** What the system counted for all processes that were waited for; null where it could not be asked. */
export interface Totals {
  cpuSeconds: number | null;
  /** Of the largest single process. */
  peakBytes: number | null;
  /** Read from storage: what was in the page cache is not. */
  readBytes: number | null;
  /** Given to a file system that has storage; what was deleted before it got there counts too. */
  writtenBytes: number | null;
  /** Both kinds: where a process waited for something, and where its time was over. */
  contextSwitches: number | null;
}

export const NO_TOTALS: Totals = {
  cpuSeconds: null,
  peakBytes: null,
  readBytes: null,
  writtenBytes: null,
  contextSwitches: null,
};

export interface Outputs {
  stdout: Readable;
  stderr: Readable;
}

/** A command that was started, by one mechanism or the other. None of the promises rejects. */
export interface Started {
  /** Head of the tree and of its session; null where nothing could be started. */
  readonly pid: number | null;
  /** The command itself; null as long as it does not run. */
  readonly commandPid: number | null;
  /** The head is the command itself and counts as part of what it uses; else it is its keeper. */
  readonly headIsCommand: boolean;
  /** Is called when there may be a new process in the tree, where the mechanism notices. */
  onNewProcess: () => void;
  /** Null where the command was not started. */
  readonly outputs: Promise<Outputs | null>;
  /** Resolves once the command runs, or is known not to. */
  readonly running: Promise<void>;
  readonly exit: Promise<CommandExit>;
  /** Resolves when nothing of the tree is left, where the mechanism can tell; else never. */
  readonly over: Promise<void>;
  /** Whether nothing of the tree is left. `known`: processes that were seen in it earlier. */
  isOver(known: readonly KnownProcess[]): boolean;
  /** The living processes of the tree. */
  tree(known: readonly KnownProcess[]): ProcessStat[];
  totals(): Totals;
  /** Where the command does not run yet: gives its start up, and `exit` resolves with this error. Else nothing. */
  giveUpStart(error: StartError): void;
  /** Lets go of everything; ends the mechanism itself where it is still there. */
  release(): Promise<void>;
}

/** What is started: a ChildSpec with its shell put in. */
export type StartSpec = Pick<ChildSpec, 'id' | 'name' | 'argv' | 'cwd' | 'env' | 'killGraceMs' | 'metered'>;

export type Start = (spec: StartSpec) => Started;

/** A command that was not even tried. */
export function notStarted(startError: StartError): Started {
  return {
    pid: null,
    commandPid: null,
    headIsCommand: false,
    onNewProcess: () => {},
    outputs: Promise.resolve(null),
    running: Promise.resolve(),
    exit: Promise.resolve({ exitCode: null, signal: null, runtimeSeconds: 0, startError }),
    over: Promise.resolve(),
    isOver: () => true,
    tree: () => [],
    totals: () => NO_TOTALS,
    giveUpStart: () => {},
    release: async () => {},
  };
}
