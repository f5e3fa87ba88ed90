import type { Incident } from '../glossary/judgement.ts';
import type { ModuleCounts, Run } from '../glossary/run.ts';

/** What is exported. A format asks for what it needs, and nothing is read before. */
export interface ExportSource {
  /** The runs by the order in which they were recorded, a page at a time. */
  pages(): Iterable<Run[]>;
  /** The names of all custom metrics that occur in them, sorted. */
  customMetrics(): string[];
  /** How things stand now with each module. */
  modules(): Iterable<ModuleNow>;
}

export interface ModuleNow {
  module: string;
  /** Over its whole life. */
  counts: ModuleCounts;
  /** Its newest runs, oldest first. */
  runs: Run[];
  openIncidents: Incident[];
}

/** What a format makes of a source, piece by piece: no more is held than a batch of runs, and nothing is read before it is asked for. */
export type Render = (source: ExportSource) => Iterable<string | Uint8Array>;

/** One format: a file of its own, and an entry in `formats.ts`. */
export interface Format {
  /** For `--format`. */
  name: string;
  /** A file whose name ends so is of this format. */
  endings: string[];
  /** Nothing for a terminal. */
  isBinary: boolean;
  /** It says how things stand now, not what was. */
  isOfNow: boolean;
  load(): Promise<Render>;
}

export interface ExportRequest {
  /** Default: json */
  format?: 'json' | 'jsonl' | 'csv' | 'parquet' | 'prometheus' | undefined;
  /** Runs that began at or after it. */
  sinceMs?: number | undefined;
  /** Runs that began before it. Not for `prometheus`, which says how things stand now. */
  untilMs?: number | undefined;
  /** Default: all */
  module?: string | undefined;
}
