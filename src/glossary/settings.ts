import type { DetectionSettings } from './detection-settings.ts';
import type { CommitStatus } from './iteration.ts';

/** When a module is due: the slots of a cron expression in a time zone, or a fixed distance between starts. */
export type Schedule =
  | { kind: 'cron'; expression: string; timezone: string }
  | { kind: 'every'; intervalMs: number };

/** What modules and services have in common: a command and its surroundings. */
export interface Command {
  name: string;
  /** Program and arguments; with `shell` exactly one element, the text for `/bin/sh -c`. */
  argv: string[];
  shell: boolean;
  /** Absolute. */
  cwd: string;
  env: Record<string, string>;
  /** Names of variables that are handed on from the supervisor's own environment. */
  passEnv: string[];
  killGraceMs: number;
}

export interface ModuleSettings extends Command {
  /** Null: runs only after others, on a change, or by hand. */
  schedule: Schedule | null;
  after: string[];
  /** Null: no limit. */
  timeoutMs: number | null;
  retries: number;
  retryDelayMs: number;
  /** Globs relative to the workspace. */
  watch: string[];
}

export interface HealthCheck {
  url: string;
  everyMs: number;
  timeoutMs: number;
  /** So many failures in a row make the service unhealthy. */
  failures: number;
}

export interface ServiceSettings extends Command {
  health: HealthCheck | null;
  /** First delay before a restart; doubled with each restart in a row. */
  restartDelayMs: number;
  maxRestartDelayMs: number;
}

export interface GitSettings {
  enabled: boolean;
  commitOn: CommitStatus[];
  /** At most one `ok` commit in this time; 0: each. */
  okEveryMs: number;
  /** `current`, or a full ref name `refs/heads/NAME`. */
  ref: string;
}

/** A stage of operation lasts until the baselines are full, or until the workspace has been in operation so long. */
export interface Stage {
  name: string;
  until: 'baseline' | number | null;
}

/** The sampler of the machine's own metrics. */
export interface SystemSettings {
  enabled: boolean;
  everyMs: number;
}

/** What takes in the metrics that services and programs report. */
export interface IntakeSettings {
  /** Whether there is `data/metrics.sock`. */
  socket: boolean;
  /** What is counted or held is given on once in this time. */
  flushMs: number;
}

export interface Settings {
  /** The workspace, absolute. */
  root: string;
  timezone: string;
  runAtStart: boolean;
  modules: ModuleSettings[];
  services: ServiceSettings[];
  detection: DetectionSettings;
  /** Runs of each module in `performance.json`. */
  historyRuns: number;
  /** How long runs are kept in the store. */
  keepMs: number;
  /** How long single samples are kept in the store. */
  samplesMs: number;
  git: GitSettings;
  stages: Stage[];
  logs: { maxBytes: number; files: number };
  system: SystemSettings;
  intake: IntakeSettings;
}
