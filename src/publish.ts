import { messageOf as errorText, WatchkeeperError } from './errors.ts';
import { planCommit } from './git/plan.ts';
import type { Repository } from './git/repository.ts';
import type { Clock } from './glossary/clock.ts';
import type { DetectionSettings, Rule } from './glossary/detection-settings.ts';
import type { ClosedIteration, IterationSummary } from './glossary/iteration.ts';
import type { Reporter } from './glossary/reporter.ts';
import type { ServiceState } from './glossary/service.ts';
import type { Settings } from './glossary/settings.ts';
import { isLogAsLeft, syncAnomaliesLog } from './store/anomalies.ts';
import { Baselines } from './store/baselines.ts';
import type { PerformanceFile } from './store/performance.ts';
import { buildStatus, roadmapStage, type Status, StatusFile, type SupervisorFacts } from './store/status.ts';
import type { Store } from './store/store.ts';
import { messageOf, statusOf } from './summary.ts';

const HOUR_MS = 3_600_000;

/**
 * So many events at most are told by one commit. Where none is made for months (no repository, a detached HEAD) an iteration must not
 * take ever longer, nor a message grow without end: what is older is in the files that are committed.
 */
const MOST_TOLD = 1_000;

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
  readonly #statusFile: StatusFile;
  readonly #baselines: Baselines;
  readonly #failing = new Set<string>();
  #committed: Committed | null = null;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
    this.#statusFile = new StatusFile(parts.store, parts.dataFolder);
    this.#baselines = new Baselines(parts.store, parts.ruleFor);
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
    const { store, repository, clock } = this.#parts;
    // A commit says what its files show: while one of them is an old one, the commit waits, and a later one tells it.
    if (!settings.git.enabled || FILES.some(name => this.#failing.has(name))) return null;
    try {
      const last = this.#lastCommitted();
      const events = store.eventsAfter(Math.max(last.seq, store.newestEvent() - MOST_TOLD));
      const nowMs = clock.now();
      const plan = planCommit({
        ...closed,
        settings: settings.git,
        events: events.map(({ event }) => event).filter(event => event.event !== 'change'),
        lastOkCommitMs: last.lastOkMs,
        nowMs,
      });
      if (plan === null) return null;
      const outcome = await repository().commit(plan);
      this.#failing.delete('the commit');
      if (outcome.kind !== 'committed') return null;
      const seq = events.at(-1)?.seq ?? last.seq;
      this.#committed = { seq, lastOkMs: plan.status === 'ok' ? nowMs : last.lastOkMs };
      store.setFact(COMMITTED, this.#committed);
      return outcome.sha.slice(0, 7);
    } catch (error) {
      this.#report('the commit', error);
      return null;
    }
  }

  /** Remembered here as well: a store that had to be replaced may have lost it. */
  #lastCommitted(): Committed {
    const fact = this.#parts.store.fact(COMMITTED);
    if (isCommitted(fact)) return fact;
    return this.#committed ?? { seq: 0, lastOkMs: null };
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

const COMMITTED = 'committed';

/**
 * Before the first commit of a supervisor: notes what is told already, where that is not known. Past events that a history brought
 * along are no news for the next commit, nor is anything old where the note was lost; those that a damaged store still knew of are.
 */
export function noteCommitted(store: Store, isNew: boolean): void {
  const fact = store.fact(COMMITTED);
  if (isCommitted(fact) && !isNew) return;
  const newest = store.newestEvent();
  const known = isCommitted(fact) ? fact : { seq: newest, lastOkMs: null };
  store.setFact(COMMITTED, { ...known, seq: Math.min(known.seq, newest) } satisfies Committed);
}

function isCommitted(fact: unknown): fact is Committed {
  return typeof fact === 'object' && fact !== null && 'seq' in fact && 'lastOkMs' in fact;
}
