/** Pause while a tree is changing, and for how long after a change. */
const QUICK_MS = 10;
const QUICK_FOR_MS = 1_000;

/** CPU time for quick looks: so much at first, more with time, but never more in store than at first. */
const QUICK_BUDGET_MS = 30;
const QUICK_SHARE = 0.001;

/** Share of one core for the other looks. */
const STEADY_SHARE = 0.0025;

/** Waking up costs more than looking. */
const WAKE_FACTOR = 2.5;

/** Few different pauses, so that the looks at several children fall together and share their waking up. */
const PAUSES_MS = [10, 20, 40, 60, 80, 120, 160, 240, 320, 480, 640, 1_000, 2_000];
const LONGEST_PAUSE_MS = 5_000;

/**
 * When to look at a tree of processes again. Every 10 ms in its first second and in the second after a process has
 * come to it: a peak that is held for a moment, by several processes together, is seen. Else as often as a quarter of
 * a percent of a core allows, which is every 40 to 120 ms for a small tree; after ten minutes ever more rarely.
 */
export class Pace {
  readonly #startedMs: number;
  #budgetMs = QUICK_BUDGET_MS;
  #budgetAtMs: number;
  #quickUntilMs: number;

  constructor(nowMs: number) {
    this.#startedMs = nowMs;
    this.#budgetAtMs = nowMs;
    this.#quickUntilMs = nowMs + QUICK_FOR_MS;
  }

  /**
   * Milliseconds until the next look.
   *
   * @param lookMs what a look takes
   * @param changed whether this look has found a new process
   */
  next(nowMs: number, lookMs: number, changed: boolean): number {
    const costMs = lookMs * WAKE_FACTOR;
    this.#budgetMs = Math.min(QUICK_BUDGET_MS, this.#budgetMs + (nowMs - this.#budgetAtMs) * QUICK_SHARE);
    this.#budgetAtMs = nowMs;
    if (changed) this.#quickUntilMs = nowMs + QUICK_FOR_MS;
    if (nowMs < this.#quickUntilMs && costMs <= this.#budgetMs) {
      this.#budgetMs -= costMs;
      return QUICK_MS;
    }
    const rarerWithAge = Math.min((nowMs - this.#startedMs) / 6_000, 1_000);
    return untilNext(nowMs, steadyPause(Math.max(rarerWithAge, costMs / STEADY_SHARE)));
  }
}

function steadyPause(atLeastMs: number): number {
  return PAUSES_MS.find(pause => pause >= atLeastMs) ?? LONGEST_PAUSE_MS;
}

/** To the next multiple of the pause; to the one after where that is too near. */
function untilNext(nowMs: number, pauseMs: number): number {
  const rest = pauseMs - (nowMs % pauseMs);
  return rest < pauseMs / 2 ? rest + pauseMs : rest;
}
