/** CPU time since the machine started, in any unit that stays the same. */
export interface CpuTime {
  /** Not idle, and not waiting for a disk. */
  busy: number;
  all: number;
}

/** Bytes since the machine started; `in`: read or received, `out`: written or sent. */
export interface Transfer {
  in: number;
  out: number;
}

export interface Memory {
  usedMb: number;
  availableMb: number;
  /** Null where nothing is said of swap. */
  swapUsedMb: number | null;
}

export interface FileSystem {
  /** Of what this user may write. */
  freeMb: number;
  usedPercent: number;
}

/** What one look at the machine has found. Null: not there to be read. */
export interface Reading {
  /** When, by a clock that never goes back. */
  monotonicMs: number;
  cpu: CpuTime | null;
  /** By number. */
  cores: ReadonlyMap<string, CpuTime>;
  /** Over 1, 5 and 15 minutes. */
  load: readonly [number, number, number] | null;
  memory: Memory | null;
  fileSystem: FileSystem | null;
  /** By device, only those that count (see devices.ts). */
  disks: ReadonlyMap<string, Transfer>;
  interfaces: ReadonlyMap<string, Transfer>;
}
