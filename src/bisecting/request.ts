import type { BisectionSettings } from '../bisect/end.ts';
import type { Commit } from '../git/named-commit.ts';
import type { ModuleSettings } from '../glossary/settings.ts';
import type { BisectRun, Skipped } from './answer.ts';

export interface BisectRequest {
  module: string;
  /** With or without its module's name before it. Default: runtimeSeconds */
  metric?: string | undefined;
  /** A revision at which the metric was still as before, as git reads it. */
  good: string;
  /** One at which it has changed. Default: HEAD */
  bad?: string | undefined;
  /** Smaller changes between good and bad do not matter. Default: 3 */
  thresholdPercent?: number | undefined;
  /** Default: 200; at least 20 */
  maxRuns?: number | undefined;
  /** So many runs of a commit at a time. Default: 1 */
  runsPerStep?: number | undefined;
  /** Runs of each commit that do not count. Default: 1 */
  warmup?: number | undefined;
  /** A shell command that makes a checked-out commit ready. Default: none */
  prepare?: string | null | undefined;
  /** Paths below the workspace, which git does not keep, that each commit is to have, too. Default: none */
  links?: readonly string[] | undefined;
  /** Makes every random choice repeatable. Default: 1 */
  seed?: number | undefined;
}

/** What is to be found out. */
export interface BisectQuestion extends BisectionSettings {
  /** The workspace, absolute. */
  root: string;
  module: ModuleSettings;
  metric: string;
  /** Revisions, as git reads them. */
  good: string;
  bad: string;
}

export interface BisectPorts {
  env: Record<string, string | undefined>;
  stop: AbortSignal;
  warn(message: string): void;
  onBegin(commits: readonly Commit[], question: BisectQuestion): void;
  onRun(run: BisectRun, metric: string): void;
  onSkip(commit: Skipped): void;
  /** Before a commit is made ready, which may take long. */
  onPrepare(hash: string): void;
}
