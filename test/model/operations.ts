/** What a storage session did to the files of a workspace, call by call: recorded once, and then played in `disk.ts`. */
export type Operation =
  /** A new name, for a new file or folder. */
  | { kind: 'create'; path: string; node: number; folder: boolean }
  | { kind: 'rename'; from: string; to: string }
  | { kind: 'link'; from: string; to: string }
  | { kind: 'remove'; path: string }
  | { kind: 'write'; node: number; offset: number; data: Buffer }
  /** Cut off or grown with zeros. */
  | { kind: 'resize'; node: number; size: number }
  /** fsync or fdatasync of a file: its data is on the disk, not its name. */
  | { kind: 'sync'; node: number }
  /** fsync of a folder: the names in it are on the disk. */
  | { kind: 'syncFolder'; path: string }
  /** A file stands there with this content, safe at once; null: it is gone. Of a recorder that does not see how it came about. */
  | { kind: 'given'; path: string; node: number; content: Buffer | null }
  | { kind: 'mark'; mark: Mark };

/** What the session says of itself, between its calls. */
export type Mark =
  /** Is about to record this run with these lines for the log; `text` and `lines` as they will stand in the store. */
  | { kind: 'intended'; id: string; module: string; text: string; lines: string[] }
  /** `recordRun` has returned. */
  | { kind: 'recorded'; id: string }
  /** Is about to begin this run. */
  | { kind: 'beginning'; id: string }
  /** `beginRun` has returned. */
  | { kind: 'begun'; id: string }
  /** Is about to add samples with these values. */
  | { kind: 'sampling'; values: number[] }
  /** `addSamples` has returned. */
  | { kind: 'sampled' }
  /** Is about to set the baseline, beside the supervisor. */
  | { kind: 'setting'; mean: number }
  /** It is set. */
  | { kind: 'set' }
  /** The iteration has been shown: what stands in the files now has been shown to everybody. */
  | { kind: 'shown'; iteration: number };

/** A file or folder as it stood, safely on the disk, before the session. Paths are relative to the workspace. */
export interface BaseNode {
  path: string;
  node: number;
  /** Null: a folder. */
  content: Buffer | null;
}

export interface Recording {
  base: BaseNode[];
  operations: Operation[];
}

/** The log that SQLite keeps in shared memory: after a crash it is made anew, whatever it holds, and its content is never played. */
export function isSharedMemory(path: string): boolean {
  return path.endsWith('-shm');
}
