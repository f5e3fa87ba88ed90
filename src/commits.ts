import { planCommit } from './git/plan.ts';
import type { Repository } from './git/repository.ts';
import type { Clock } from './glossary/clock.ts';
import type { ClosedIteration } from './glossary/iteration.ts';
import type { Settings } from './glossary/settings.ts';
import type { Store } from './store/store.ts';

export interface CommitParts {
  clock: Clock;
  store: Store;
  repository(): Repository;
}

/** What a commit needs to know of the ones before it; kept in the store. */
interface Committed {
  /** The last event that a commit has told. */
  seq: number;
  lastOkMs: number | null;
}

const COMMITTED = 'committed';

/**
 * So many events at most are told by one commit. Where none is made for months (no repository, a detached HEAD) an iteration must not
 * take ever longer, nor a message grow without end: what is older is in the files that are committed.
 */
const MOST_TOLD = 1_000;

/** The commits of iterations: each tells what those before it have not told. */
export class Commits {
  readonly #parts: CommitParts;
  #committed: Committed | null = null;

  constructor(parts: CommitParts) {
    this.#parts = parts;
  }

  /**
   * Commits where the settings want it after this iteration, and where the user's repository can take it.
   *
   * @returns whether one was wanted, and its short hash; null without one
   * @throws WatchkeeperError where it failed
   */
  async make(
    closed: ClosedIteration,
    git: Settings['git'],
  ): Promise<{ isTried: boolean; sha: string | null }> {
    const { store, repository, clock } = this.#parts;
    const last = this.#last();
    const events = store.eventsAfter(Math.max(last.seq, store.newestEvent() - MOST_TOLD));
    const nowMs = clock.now();
    const plan = planCommit({
      ...closed,
      settings: git,
      events: events.map(({ event }) => event).filter(event => event.event !== 'change'),
      lastOkCommitMs: last.lastOkMs,
      nowMs,
    });
    if (plan === null) return { isTried: false, sha: null };
    const outcome = await repository().commit(plan);
    if (outcome.kind !== 'committed') return { isTried: true, sha: null };
    const seq = events.at(-1)?.seq ?? last.seq;
    this.#committed = { seq, lastOkMs: plan.status === 'ok' ? nowMs : last.lastOkMs };
    store.setFact(COMMITTED, this.#committed);
    return { isTried: true, sha: outcome.sha.slice(0, 7) };
  }

  /** Remembered here as well: a store that had to be replaced may have lost it. */
  #last(): Committed {
    const fact = this.#parts.store.fact(COMMITTED);
    if (isCommitted(fact)) return fact;
    return this.#committed ?? { seq: 0, lastOkMs: null };
  }
}

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
