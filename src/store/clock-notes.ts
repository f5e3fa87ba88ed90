/**
 * What was seen of the clock in all lives of a workspace. What is too old is removed by it, and a clock that is wrong, a year ahead or
 * back in 1970, must not cost a history.
 */
export interface ClockNotes {
  /** What it showed when it was noted last. */
  seenMs: number;
  /** Since when it has gone on evenly, in steps of less than `STEP_MS`: something was running all the time. */
  calmSinceMs: number;
  /** The newest looks, oldest first, each at least `APART_MS` after the one before. None is later than `seenMs`. */
  looksMs: number[];
}

const HOUR_MS = 3_600_000;

/** How far the clock may have gone on, or back, without a note: less is no news. */
const NOTED_MS = HOUR_MS;

/** A longer step between two notes is a pause or a jump: which of them, nobody can know. */
const STEP_MS = 3 * HOUR_MS;

const APART_MS = 12 * HOUR_MS;

/** So many separate looks have to agree: fewer may all be of one time in which the clock was wrong. */
const LOOKS = 5;

/**
 * The notes after a look at the clock; `known` itself where there is nothing to note. What an earlier look showed and the clock does
 * not any more, because it has gone back, was wrong and is dropped.
 *
 * @param known null: nothing was noted before
 */
export function clockSeen(known: ClockNotes | null, nowMs: number): ClockNotes {
  if (known === null) return { seenMs: nowMs, calmSinceMs: nowMs, looksMs: [nowMs] };
  const passedMs = nowMs - known.seenMs;
  if (Math.abs(passedMs) < NOTED_MS) return known;
  const isCalm = passedMs > 0 && passedMs < STEP_MS;
  const before = known.looksMs.filter(lookMs => lookMs <= nowMs);
  const isApart = nowMs - (before.at(-1) ?? Number.NEGATIVE_INFINITY) >= APART_MS;
  const looksMs = isApart ? [...before, nowMs].slice(-LOOKS) : before;
  return { seenMs: nowMs, calmSinceMs: isCalm ? known.calmSinceMs : nowMs, looksMs };
}

/**
 * By which time is removed what is too old: never one that only a wrong clock has shown. That is the clock itself where it has gone on
 * evenly for `calmMs`; else what it showed at the fifth look from the end: in fewer looks it may be wrong by any amount, and it costs
 * nothing. So what is used once a week is believed four weeks later; what is used all the time, at once.
 *
 * @returns null where no time is to be believed yet
 * @example believedMs({ seenMs: 40 * day, calmSinceMs: 40 * day, looksMs: [0, 10 * day, 20 * day, 30 * day, 40 * day] }, 40 * day, day) // 0
 */
export function believedMs(
  { calmSinceMs, looksMs }: ClockNotes,
  nowMs: number,
  calmMs: number,
): number | null {
  if (nowMs - calmSinceMs >= calmMs) return nowMs;
  return looksMs.length === LOOKS ? (looksMs[0] ?? null) : null;
}
