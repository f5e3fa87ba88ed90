/** What a figure depends on beside the code: values of two machines are not to be compared. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryMb: number;
  system: string;
  node: string;
}

/** What `bench` keeps of one module's runs, in a suite of results. */
export interface BenchResult {
  module: string;
  /** ISO 8601, of its beginning. */
  time: string;
  revision: string | null;
  machine: Machine;
  /** Runs before those that count. */
  warmup: number;
  /** By metric, of the runs that count, in their order. */
  values: Record<string, number[]>;
}
