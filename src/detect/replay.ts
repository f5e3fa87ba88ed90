import type { DetectionSettings, Rule } from '../glossary/detection-settings.ts';
import { sizeOf } from './assess.ts';
import { beginEnsemble } from './ensemble.ts';
import { type ChangePoint, changePointsOf } from './offline-change-points.ts';
import type { Verdict } from './verdict.ts';

/** The verdict on one row of a series, by the column that it speaks of. */
export interface RowVerdict extends Verdict {
  /** Place of the column among the values. */
  column: number;
}

export interface ColumnChange extends ChangePoint {
  column: number;
}

/** A series that is gone through from its beginning: each row is judged by those before it alone. */
export interface Replay {
  next(values: readonly (number | null)[], timeMs: number | null): RowVerdict;
  /** Where the level changed for good, by all that has been seen: the only part that looks back over the whole series. */
  changePoints(): ColumnChange[];
}

/** @param columns names of the values of each row: the floors of metrics with these names hold for them */
export function beginReplay(settings: DetectionSettings, columns: readonly string[]): Replay {
  const rules = columns.map(name => ({ ...settings, floor: floorOf(settings, name) }));
  const ensemble = beginEnsemble(settings, rules);
  const seen: (number | null)[][] = columns.map(() => []);
  return {
    next(values, timeMs) {
      for (let column = 0; column < seen.length; column++) seen[column]?.push(values[column] ?? null);
      const verdicts = ensemble.next({ values, timeMs });
      for (let column = 0; column < verdicts.length; column++) {
        const verdict = verdicts[column];
        if (verdict?.event) verdicts[column] = overFloor(verdict, values[column] ?? null, rules[column]);
      }
      return foremost(verdicts);
    },
    changePoints: () =>
      seen
        .flatMap((values, column) => changePointsOf(values, settings).map(change => ({ ...change, column })))
        .sort((a, b) => a.index - b.index),
  };
}

function floorOf({ floors }: DetectionSettings, name: string): number {
  return Object.hasOwn(floors, name) ? (floors[name] ?? 0) : 0;
}

/** Smaller changes than the floor are never flagged. */
function overFloor(verdict: Verdict, value: number | null, rule: Rule | undefined): Verdict {
  const size = sizeOf(verdict, value);
  if (!verdict.event || rule === undefined || size === null || size >= rule.floor) return verdict;
  const nothing = { event: false, kind: null, direction: null, beganAgo: null, before: null };
  return { ...verdict, ...nothing, sizePercent: null, severity: null };
}

/** An event before none, then the surer one, then the higher score. */
function foremost(verdicts: readonly Verdict[]): RowVerdict {
  let column = 0;
  let best = verdicts[column];
  if (best === undefined) throw new Error('a series without a column of values');
  for (let other = 1; other < verdicts.length; other++) {
    const verdict = verdicts[other];
    if (verdict === undefined || !isBefore(verdict, best)) continue;
    best = verdict;
    column = other;
  }
  return { ...best, column };
}

function isBefore(a: Verdict, b: Verdict): boolean {
  if (a.event !== b.event) return a.event;
  return a.event && a.confidence !== b.confidence ? a.confidence > b.confidence : a.score > b.score;
}
