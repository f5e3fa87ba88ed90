import type { Schedule } from '../glossary/settings.ts';
import { DAY_MS, firstMatch, lastMatch } from './calendar.ts';
import { type Cron, parseCron } from './cron.ts';
import { LARGEST_OFFSET_MS, stretches } from './zone.ts';

/**
 * The slots of a schedule: the moments at which its module is due. All in milliseconds since 1970.
 *
 * - `every`: the last slot and each whole interval after it. It knows no calendar.
 * - `cron`: the moments at which the local clock shows a time that matches, each whole second once.
 *
 * Where a zone changes its clock, the convention of Vixie cron holds. An expression with a wildcard for its minute or hour follows the
 * clock: it has no slots in the hour that is left out in spring, and slots in both passes of the hour that comes twice in autumn. Any
 * other expression means fixed times of the day: those that are left out get one slot together, at the first moment
 * after the gap, and those that come twice have their slot in the first pass only.
 */

/** Every combination of day, month and weekday that can match at all does so within 40 years. */
const HORIZON_MS = 100 * 365.25 * DAY_MS;

const WINDOW_MS = 4 * DAY_MS;

/**
 * The latest slot in (afterMs, nowMs]; null where there is none. However long that time is, the answer is quick: the local
 * calendar is searched first, and the zone is looked at only around what was found there.
 *
 * @example latestSlot({ kind: 'every', intervalMs: 30_000 }, 0, 100_000) // 90_000
 */
export function latestSlot(schedule: Schedule, afterMs: number, nowMs: number): number | null {
  if (afterMs >= nowMs) return null;
  if (schedule.kind === 'every') {
    const passed = Math.floor((nowMs - afterMs) / schedule.intervalMs);
    return passed > 0 ? afterMs + passed * schedule.intervalMs : null;
  }
  const cron = parseCron(schedule.expression);
  const earliest = Math.max(afterMs, nowMs - HORIZON_MS);
  let until = nowMs;
  while (until > earliest) {
    const local = lastMatch(cron, earliest - LARGEST_OFFSET_MS, until + LARGEST_OFFSET_MS);
    if (local === null) return null;
    until = Math.min(until, local + LARGEST_OFFSET_MS);
    const from = Math.max(earliest, until - WINDOW_MS);
    const slot = firstOf(pieces(cron, schedule.timezone, from, until).reverse(), lastIn(cron, from, until));
    if (slot !== null) return slot;
    until = from;
  }
  return null;
}

/**
 * The first slot after `afterMs`; null where there is none within 100 years (the 30th of February).
 *
 * @example nextSlot({ kind: 'cron', expression: '0 3 * * *', timezone: 'UTC' }, 0) // 10_800_000
 */
export function nextSlot(schedule: Schedule, afterMs: number): number | null {
  if (schedule.kind === 'every') return afterMs + schedule.intervalMs;
  const cron = parseCron(schedule.expression);
  const latest = afterMs + HORIZON_MS;
  let from = afterMs;
  while (from < latest) {
    const local = firstMatch(cron, from - LARGEST_OFFSET_MS, latest);
    if (local === null) return null;
    from = Math.max(from, local - LARGEST_OFFSET_MS);
    const until = from + WINDOW_MS;
    const slot = firstOf(pieces(cron, schedule.timezone, from, until), firstIn(cron, from, until));
    if (slot !== null) return slot;
    from = until;
  }
  return null;
}

/** A stretch of a zone as one expression sees it: which local times it has there, and which were left out just before. */
interface Piece {
  fromMs: number;
  offsetMs: number;
  /** Local times [first, end) that count in this stretch. */
  first: number;
  end: number;
  /** Local times [first, end) that the change at its start left out and that are made up for; null where there are none. */
  gap: { first: number; end: number } | null;
}

function pieces(cron: Cron, timezone: string, fromMs: number, untilMs: number): Piece[] {
  // From two days before: whether a local time is shown for the second time, only the stretch before it can tell.
  const [first, ...rest] = stretches(timezone, fromMs - 2 * DAY_MS, untilMs + 1).map(
    ({ fromMs, toMs, offsetMs }): Piece => {
      return { fromMs, offsetMs, first: fromMs + offsetMs, end: toMs + offsetMs, gap: null };
    },
  );
  if (first === undefined) return [];
  if (cron.followsClock) return [first, ...rest];
  let shown = first.end;
  const others = rest.map(piece => {
    const gap = shown < piece.first ? { first: shown, end: piece.first } : null;
    const unseen = { ...piece, first: Math.max(piece.first, shown), gap };
    shown = Math.max(shown, piece.end);
    return unseen;
  });
  return [first, ...others];
}

type Search = (piece: Piece) => number | null;

function firstOf(list: Piece[], search: Search): number | null {
  for (const piece of list) {
    const slot = search(piece);
    if (slot !== null) return slot;
  }
  return null;
}

/** The latest slot of a piece in (fromMs, untilMs]. */
function lastIn(cron: Cron, fromMs: number, untilMs: number): Search {
  return piece => {
    const low = Math.max(piece.first, fromMs + 1 + piece.offsetMs);
    const high = Math.min(piece.end - 1, untilMs + piece.offsetMs);
    const local = low > high ? null : lastMatch(cron, low, high);
    return local === null ? madeUp(cron, piece, fromMs, untilMs) : local - piece.offsetMs;
  };
}

/** The earliest slot of a piece in (fromMs, untilMs]. */
function firstIn(cron: Cron, fromMs: number, untilMs: number): Search {
  return piece => {
    const late = madeUp(cron, piece, fromMs, untilMs);
    if (late !== null) return late;
    const low = Math.max(piece.first, fromMs + 1 + piece.offsetMs);
    const high = Math.min(piece.end - 1, untilMs + piece.offsetMs);
    const local = low > high ? null : firstMatch(cron, low, high);
    return local === null ? null : local - piece.offsetMs;
  };
}

/** The slot at the end of a gap, where a time that the gap left out would have matched. */
function madeUp(cron: Cron, { gap, fromMs: atMs }: Piece, fromMs: number, untilMs: number): number | null {
  if (gap === null || atMs <= fromMs || atMs > untilMs) return null;
  return firstMatch(cron, gap.first, gap.end - 1) === null ? null : atMs;
}
