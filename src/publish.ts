import { type CommitParts, Commits } from './commits.ts';
import { messageOf as errorText, WatchkeeperError } from './errors.ts';
import type { DetectionSettings, Rule } from './glossary/detection-settings.ts';
import type { ClosedIteration, IterationSummary } from './glossary/iteration.ts';
import type { Reporter } from './glossary/reporter.ts';
import type { ServiceState } from './glossary/service.ts';
import type { Settings } from './glossary/settings.ts';
import { isLogAsLeft, syncAnomaliesLog } from './store/anomalies.ts';
import { Baselines } from './store/baselines.ts';
import type { PerformanceFile } from './store/performance.ts';
import { buildStatus, roadmapStage, type Status, StatusFile, type SupervisorFacts } from './store/status.ts';
import { messageOf, statusOf } from './summary.ts';

const HOUR_MS = 3_600_000;

export interface PublisherParts extends CommitParts {
  dataFolder: string;
  performance: PerformanceFile;
  reporter: Reporter;
  services(): ServiceState[];
  supervisor: SupervisorFacts;
  /** When the workspace was first in operation. */
  firstStartMs: number;
  ruleFor(detection: DetectionSettings, module: string, metric: string): Rule | null;
}

/**
 * Shows what the store holds: the three files, and the commit. Each is a projection and catches up by itself; where one
 * cannot be written that is reported, and the next iteration tries again.
 */
export class Publisher {
  readonly #parts: PublisherParts;
  readonly #statusFile: StatusFile;
  readonly #baselines: Baselines;
  readonly #commits: Commits;
  readonly #failing = new Set<string>();

  constructor(parts: PublisherParts) {
    this.#parts = parts;
    this.#statusFile = new StatusFile(parts.store, parts.dataFolder);
    this.#baselines = new Baselines(parts.store, parts.ruleFor);
    this.#commits = new Commits(parts);
  }

  /** After an iteration that a later one shows: its end alone. @throws WatchkeeperError 'fenced', 'lost' */
  async note(closed: ClosedIteration): Promise<IterationSummary> {
    return { ...closed, ...this.#finish(closed), commit: null };
  }

  /** After an iteration. @throws WatchkeeperError where the supervisor must not go on ('fenced', 'lost') */
  async publish(closed: ClosedIteration, settings: Settings): Promise<IterationSummary> {
    const { message, status } = this.#finish(closed);
    this.#project(settings, closed.endedAt, message);
    this.#tell(this.#parts.store.notices());
    const commit = await this.#commit(closed, settings);
    return { ...closed, message, status, commit };
  }

  #finish(closed: ClosedIteration): Pick<IterationSummary, 'message' | 'status'> {
    const { iteration, endedAt } = closed;
    const [message, status] = [messageOf(closed), statusOf(closed)];
    this.#guarded('the store', () =>
      this.#parts.store.finishIteration(iteration, { endedAt, message, status }),
    );
    return { message, status };
  }

  /** At the start: shows what the store holds and a killed supervisor could not show any more. */
  catchUp(settings: Settings): void {
    const { store } = this.#parts;
    const last = store.lastIteration();
    if (last !== null) this.#project(settings, last.endedAt, last.message);
    this.#tell(store.notices());
  }

  /** At the end: what was replaced after the last iteration (git has brought older files back) is made anew, as none follows. */
  leave(settings: Settings): void {
    try {
      if (this.#parts.store.isOurs() && !this.#areAsLeft()) this.catchUp(settings);
    } catch (error) {
      const isOver = error instanceof WatchkeeperError && error.permanent; // the workspace is somebody else's, and that is told
      if (!isOver) this.#report('the files', error);
    }
  }

  #areAsLeft(): boolean {
    const { store, dataFolder, performance } = this.#parts;
    return performance.isAsLeft() && this.#statusFile.isAsLeft() && isLogAsLeft(store, dataFolder);
  }

  /** When the state of a service has changed: `status.json` shows it at once. The rest of it is that of the last iteration. */
  showServices(settings: Settings): void {
    this.#guarded('status.json', () => {
      if (this.#parts.store.isOurs()) this.#tell(this.#statusFile.write(this.#statusBetween(settings)));
    });
  }

  #statusBetween(settings: Settings): Status {
    const { store, clock } = this.#parts;
    const last = store.lastIteration();
    if (last !== null) return this.#status(settings, last.endedAt, last.message);
    const nothing = messageOf({ runs: [], events: [], openIncidents: [] });
    const updatedAt = new Date(clock.now()).toISOString();
    return { ...this.#status(settings, updatedAt, nothing), lastRun: null };
  }

  #project(settings: Settings, updatedAt: string, message: string): void {
    const { store, dataFolder, performance, clock } = this.#parts;
    const { historyRuns, modules } = settings;
    const order = modules.map(({ name }) => name);
    const files: Record<(typeof FILES)[number], () => string[]> = {
      'performance.json': () => performance.write(updatedAt, historyRuns, order),
      'anomalies.log': () => syncAnomaliesLog(store, dataFolder, clock.now()),
      'status.json': () => this.#statusFile.write(this.#status(settings, updatedAt, message)),
    };
    for (const name of FILES) this.#guarded(name, () => this.#tell(files[name]()));
  }

  #status(settings: Settings, updatedAt: string, message: string): Status {
    const { store, performance, services, supervisor, clock, firstStartMs } = this.#parts;
    const operationMs = clock.now() - firstStartMs;
    const moduleRestarts = store.restartCount();
    return buildStatus({
      updatedAt,
      message,
      roadmapStage: roadmapStage(settings.stages, this.#baselines.areFull(settings), operationMs),
      iterations: store.iterationCount(),
      lastRun: store.lastRun(),
      moduleRestarts,
      averages: performance.averages(),
      openIncidents: store.incidents({ open: true }),
      anomaliesLastHour: store.anomaliesSince(clock.now() - HOUR_MS),
      services: services(),
      supervisor,
    });
  }

  async #commit(closed: ClosedIteration, settings: Settings): Promise<string | null> {
    // A commit says what its files show: while one of them is an old one, the commit waits, and a later one tells it.
    if (!settings.git.enabled || FILES.some(name => this.#failing.has(name))) return null;
    try {
      const commit = await this.#commits.make(closed, settings.git);
      if (commit.isTried) this.#failing.delete('the commit');
      return commit.sha;
    } catch (error) {
      this.#report('the commit', error);
      return null;
    }
  }

  #guarded(what: string, act: () => void): void {
    try {
      act();
      if (this.#failing.delete(what)) this.#parts.reporter.info(`${what} could be written again`);
    } catch (error) {
      this.#report(what, error);
    }
  }

  /** Once for each thing that fails, until it works again: a full disk must not fill the log as well. */
  #report(what: string, error: unknown): void {
    if (error instanceof WatchkeeperError && error.permanent) throw error;
    const says = error instanceof WatchkeeperError && error.code === 'file'; // which file, and why
    const text = says ? errorText(error) : `${what} could not be written: ${errorText(error)}`;
    if (!this.#failing.has(what)) this.#parts.reporter.warn(text);
    this.#failing.add(what);
  }

  #tell(messages: string[]): void {
    for (const message of messages) this.#parts.reporter.warn(message);
  }
}

/** What a commit holds, in the order in which it is written. */
const FILES = ['performance.json', 'anomalies.log', 'status.json'] as const;
