import { messageOf as errorText, WatchkeeperError } from './errors.ts';
import { planCommit } from './git/plan.ts';
import type { Repository } from './git/repository.ts';
import { syncAnomaliesLog } from './store/anomalies.ts';
import type { PerformanceFile } from './store/performance.ts';
import {
  buildStatus,
  hasFullBaseline,
  roadmapStage,
  type SupervisorFacts,
  writeStatus,
} from './store/status.ts';
import type { Store } from './store/store.ts';
import { messageOf, statusOf } from './summary.ts';
import type { ClosedIteration } from './supervise/ports.ts';
import {
  BASE_METRICS,
  type Clock,
  type DetectionSettings,
  type IterationSummary,
  type Reporter,
  type Rule,
  type ServiceState,
  type Settings,
} from './types.ts';

const HOUR_MS = 3_600_000;

export interface PublisherParts {
  clock: Clock;
  store: Store;
  dataFolder: string;
  performance: PerformanceFile;
  repository(): Repository;
  reporter: Reporter;
  services(): ServiceState[];
  supervisor: SupervisorFacts;
  /** When the workspace was first in operation. */
  firstStartMs: number;
  ruleFor(detection: DetectionSettings, module: string, metric: string): Rule | null;
}

/** What a commit needs to know of the ones before it; kept in the store. */
interface Committed {
  /** The last event that a commit has told. */
  seq: number;
  lastOkMs: number | null;
}

/**
 * Shows what the store holds: the three files, and the commit. Each is a projection and catches up by itself; where one
 * cannot be written that is reported, and the next iteration tries again.
 */
export class Publisher {
  readonly #parts: PublisherParts;
  readonly #failing = new Set<string>();

  constructor(parts: PublisherParts) {
    this.#parts = parts;
  }

  /** After an iteration. @throws WatchkeeperError where the supervisor must not go on ('fenced', 'lost') */
  async publish(closed: ClosedIteration, settings: Settings): Promise<IterationSummary> {
    const { iteration, endedAt } = closed;
    const [message, status] = [messageOf(closed), statusOf(closed)];
    this.#guarded('the store', () =>
      this.#parts.store.finishIteration(iteration, { endedAt, message, status }),
    );
    this.#project(settings, endedAt, message);
    const commit = await this.#commit(closed, settings);
    return { ...closed, message, status, commit };
  }

  /** At the start: shows what the store holds and a killed supervisor could not show any more. */
  catchUp(settings: Settings): void {
    const last = this.#parts.store.lastIteration();
    if (last !== null) this.#project(settings, last.endedAt, last.message);
  }

  #project(settings: Settings, updatedAt: string, message: string): void {
    const { store, dataFolder, performance, clock } = this.#parts;
    this.#guarded('performance.json', () => this.#tell(performance.write(updatedAt, settings.historyRuns)));
    this.#guarded('anomalies.log', () => this.#tell(syncAnomaliesLog(store, dataFolder, clock.now())));
    this.#guarded('status.json', () =>
      this.#tell(writeStatus(dataFolder, this.#status(settings, updatedAt, message))),
    );
  }

  #status(settings: Settings, updatedAt: string, message: string): ReturnType<typeof buildStatus> {
    const { store, performance, services, supervisor, clock, firstStartMs } = this.#parts;
    const operationMs = clock.now() - firstStartMs;
    const modules = store.moduleNames();
    return buildStatus({
      updatedAt,
      message,
      roadmapStage: roadmapStage(settings.stages, this.#baselinesFull(settings), operationMs),
      iterations: store.iterationCount(),
      lastRun: store.lastRun(),
      moduleRestarts: modules.reduce((sum, name) => sum + store.counts(name).restartCount, 0),
      averages: performance.averages(),
      openIncidents: store.incidents({ open: true }),
      anomaliesLastHour: store.anomaliesSince(clock.now() - HOUR_MS),
      services: services(),
      supervisor,
    });
  }

  #baselinesFull(settings: Settings): boolean {
    const { store, ruleFor } = this.#parts;
    const { detection } = settings;
    const isJudged = ({ name }: { name: string }): boolean =>
      BASE_METRICS.some(metric => ruleFor(detection, name, metric) !== null) ||
      Object.keys(store.moduleState(name)).length > 0;
    return settings.modules
      .filter(isJudged)
      .every(({ name }) =>
        hasFullBaseline(
          store.moduleState(name),
          metric => ruleFor(detection, name, metric)?.window ?? detection.window,
        ),
      );
  }

  async #commit(closed: ClosedIteration, settings: Settings): Promise<string | null> {
    const { store, repository, clock } = this.#parts;
    try {
      const last = committed(store);
      const events = store.eventsAfter(last.seq);
      const nowMs = clock.now();
      const plan = planCommit({
        ...closed,
        settings: settings.git,
        events: events.map(({ event }) => event),
        lastOkCommitMs: last.lastOkMs,
        nowMs,
      });
      if (plan === null) return null;
      const outcome = await repository().commit(plan);
      if (outcome.kind !== 'committed') return null;
      const seq = events.at(-1)?.seq ?? last.seq;
      store.setFact(COMMITTED, { seq, lastOkMs: plan.status === 'ok' ? nowMs : last.lastOkMs });
      return outcome.sha.slice(0, 7);
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
    if (!this.#failing.has(what))
      this.#parts.reporter.warn(`${what} could not be written: ${errorText(error)}`);
    this.#failing.add(what);
  }

  #tell(messages: string[]): void {
    for (const message of messages) this.#parts.reporter.warn(message);
  }
}

const COMMITTED = 'committed';

/** Past events that a history brought along are no news for the next commit. */
export function noteCommitted(store: Store): void {
  store.setFact(COMMITTED, { seq: store.newestEvent(), lastOkMs: null } satisfies Committed);
}

function committed(store: Store): Committed {
  const fact = store.fact(COMMITTED);
  return isCommitted(fact) ? fact : { seq: 0, lastOkMs: null };
}

function isCommitted(fact: unknown): fact is Committed {
  return typeof fact === 'object' && fact !== null && 'seq' in fact && 'lastOkMs' in fact;
}
