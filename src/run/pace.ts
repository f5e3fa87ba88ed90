/**
 * A young tree is looked at every 10 ms while it changes, every 20 ms while it does not, as long as this takes no more
 * than a tenth of a core. What is held for 30 ms is so seen while it is held, also where it comes after a calm.
 */
const QUICK_MS = 10;
const CALM_MS = 20;
const YOUNG_MS = 1_000;
const YOUNG_SHARE = 0.1;

/** So long a tree counts as changing after something has changed. */
const CHANGE_MS = 100;

/** CPU time for quick looks at an older tree: at most, and gained with time. */
const CHANGE_BUDGET_MS = 20;
const CHANGE_SHARE = 0.0015;

/** Share of one core for the other looks. */
const STEADY_SHARE = 0.002;

/** What waking up costs, before anything is looked at. */
const WAKE_MS = 0.2;

/** Few different pauses, so that the looks at several children fall together and share their waking up. */
const PAUSES_MS = [10, 20, 40, 60, 80, 120, 160, 240, 320, 480, 640, 1_000, 2_000];
const LONGEST_PAUSE_MS = 5_000;

/**
 * When to look at a tree of processes again: every 10 to 20 ms in its first second, and every 10 ms later when a process
 * has come to it or a new one is growing, so that a peak is seen that several processes hold together for a moment. Else
 * as often as a fifth of a percent of a core allows, which is every 160 to 320 ms for a small tree; after half an hour ever
 * more rarely.
 */
export class Pace {
  readonly #startedMs: number;
  #budgetMs = CHANGE_BUDGET_MS;
  #budgetAtMs: number;
  #quickUntilMs: number;

  constructor(nowMs: number) {
    this.#startedMs = nowMs;
    this.#budgetAtMs = nowMs;
    this.#quickUntilMs = nowMs + CHANGE_MS;
  }

  /**
   * Milliseconds until the next look.
   *
   * @param lookMs what a look takes
   * @param changed whether this look has found something new
   */
  next(nowMs: number, lookMs: number, changed: boolean): number {
    const costMs = lookMs + WAKE_MS;
    const ageMs = nowMs - this.#startedMs;
    if (changed) this.#quickUntilMs = nowMs + CHANGE_MS;
    const isChanging = nowMs < this.#quickUntilMs;
    if (ageMs < YOUNG_MS) return Math.max(isChanging ? QUICK_MS : CALM_MS, costMs / YOUNG_SHARE);
    if (isChanging && this.allowsMore(nowMs, lookMs)) return QUICK_MS;
    return untilNext(nowMs, steadyPause(Math.max(Math.min(ageMs / 6_000, 1_000), costMs / STEADY_SHARE)));
  }

  /** Whether there is CPU time left for one more look; takes it off if so. */
  allowsMore(nowMs: number, lookMs: number): boolean {
    const costMs = lookMs + WAKE_MS;
    const gainedMs = (nowMs - this.#budgetAtMs) * CHANGE_SHARE;
    this.#budgetMs = Math.min(CHANGE_BUDGET_MS, this.#budgetMs + gainedMs);
    this.#budgetAtMs = nowMs;
    if (costMs > this.#budgetMs) return false;
    this.#budgetMs -= costMs;
    return true;
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
