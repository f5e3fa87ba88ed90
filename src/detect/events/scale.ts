/**
 * How values are looked at: positive ones by their logarithm, in which noise and changes are in percent; a series that touches 0 or
 * goes below it as it is.
 */
export interface Scale {
  kind: 'logarithmic' | 'linear';
  to(value: number): number;
  from(scaled: number): number;
  /** The distance that is so much (0.03: 3 %) of a level. */
  share(level: number, part: number): number;
  /** Of a change, in percent of what was before; null where that is 0, or so little that no number holds it. */
  percent(before: number, after: number): number | null;
}

export const LOGARITHMIC: Scale = {
  kind: 'logarithmic',
  to: Math.log,
  from: scaled => Math.min(Math.exp(scaled), Number.MAX_VALUE),
  share: (_level, part) => part,
  percent: (before, after) => finite(Math.expm1(after - before) * 100),
};

export const LINEAR: Scale = {
  kind: 'linear',
  to: value => value,
  from: scaled => scaled,
  share: (level, part) => Math.max(Math.abs(level) * part, Number.MIN_VALUE),
  percent: (before, after) => finite(((after - before) / Math.abs(before)) * 100),
};

function finite(percent: number): number | null {
  return Number.isFinite(percent) ? percent : null;
}
