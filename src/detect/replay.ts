import type { DetectionSettings } from '../types.ts';
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

/** @param columns how many values each row has */
export function beginReplay(settings: DetectionSettings, columns: number): Replay {
  const ensemble = beginEnsemble(settings, { ...settings, floor: 0 }, columns);
  const seen: (number | null)[][] = Array.from({ length: columns }, () => []);
  return {
    next(values, timeMs) {
      seen.forEach((column, index) => void column.push(values[index] ?? null));
      return foremost(ensemble.next({ values, timeMs }));
    },
    changePoints: () =>
      seen
        .flatMap((values, column) => changePointsOf(values, settings).map(change => ({ ...change, column })))
        .sort((a, b) => a.index - b.index),
  };
}

/** An event before none, then the surer one, then the higher score. */
function foremost(verdicts: readonly Verdict[]): RowVerdict {
  let column = 0;
  verdicts.forEach((verdict, index) => {
    const best = verdicts[column];
    if (best !== undefined && isBefore(verdict, best)) column = index;
  });
  const verdict = verdicts[column];
  if (verdict === undefined) throw new Error('a series without a column of values');
  return { ...verdict, column };
}

function isBefore(a: Verdict, b: Verdict): boolean {
  if (a.event !== b.event) return a.event;
  return a.event && a.confidence !== b.confidence ? a.confidence > b.confidence : a.score > b.score;
}
