import type { Rule } from '../glossary/detection-settings.ts';
import type { ChangeEvent } from '../glossary/event.ts';
import type { Incident } from '../glossary/judgement.ts';
import type { Run } from '../glossary/run.ts';
import type { Settings } from '../glossary/settings.ts';

/** All that advice is given from: plain data, read from a store, a configuration and a machine by somebody else. */
export interface Facts {
  nowMs: number;
  settings: Settings;
  /** In the order of the configuration. */
  modules: ModuleFacts[];
  services: ServiceFacts[];
  /** Limits that somebody has looked ahead to; none where nobody has. */
  forecasts: CapacityForecast[];
  machine: MachineFacts;
}

export interface ModuleFacts {
  name: string;
  /** The newest ones, oldest first. */
  runs: Run[];
  /** Slots that passed while it was still running, over the whole life of the workspace. */
  misses: number;
  /** Those that were opened in the weeks before `nowMs`. */
  incidents: IncidentFacts[];
  /** Real changes that the rule did not see, of the same weeks. */
  changes: ChangeEvent[];
  /** The rule in effect, by metric; null where it is not judged. */
  rules: Record<string, Rule | null>;
}

export interface IncidentFacts extends Incident {
  /** The highest confidence of its lines, 0 to 1; null where none was said. */
  confidence: number | null;
}

/** The present life of a service: the median of its memory in each hour since its start, oldest first. */
export interface ServiceFacts {
  name: string;
  /** When the hours began. */
  timesMs: number[];
  memoryMb: number[];
}

/** When a metric reaches a limit, as far as its past tells. */
export interface CapacityForecast {
  /** `system.diskFreeMb`, `collector.runtimeSeconds` */
  metric: string;
  /** Null for the machine as a whole. */
  module: string | null;
  limit: number;
  /** What the limit is: `its timeout`, `an empty disk`. */
  limitName: string;
  reachedAtMs: number;
  /** How sure it is that it is reached by then, 0 to 1. */
  sure: number;
  /** Values that the forecast was made from. */
  values: number;
}

export interface MachineFacts {
  /** CPUs that this process may use. */
  cores: number;
  /** On the disk of the workspace; null where it is not known. */
  diskFreeMb: number | null;
}
