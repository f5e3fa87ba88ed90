import type { Failure, MetricFigures, MetricReport, RevisionMark } from '../data.ts';
import { figuresOf } from '../figures.ts';
import { type Unit, unitOf } from '../quantity.ts';
import type { TimeRange } from '../shown-range.ts';
import { type Column, thinned } from '../thin.ts';
import { axisOf, type Scale, SIDE, scaleOf } from './geometry.ts';

/** What all charts of a report have in common. */
export interface ChartStyle {
  timezone: string;
  /** The time of the report; a forecast may go beyond it. */
  range: TimeRange;
  /** Most columns of a large chart; a small one has half of them. */
  columns: number;
}

/** What one chart is of. */
export interface ChartOf {
  /** Unique in the document. */
  id: string;
  /** Whose metric it is. */
  owner: string;
  report: MetricReport;
  isLarge: boolean;
  /** Of its heading, one below that of the section. */
  level: 3 | 4;
  failures: readonly Failure[];
  revisions: readonly RevisionMark[];
}

/** Everything that has a place in a chart, computed once. Heights in pixels from the top: the square, a row of marks, the times. */
export interface Picture extends ChartOf {
  style: ChartStyle;
  figures: MetricFigures;
  unit: Unit;
  columns: Column[];
  scale: Scale;
  top: number;
  height: number;
  bottom: number;
  /** Height of the row of marks; 0 where there are none. */
  lane: number;
  total: number;
}

const HEIGHT = { large: 168, small: 112, top: 16, lane: 16, times: 22 } as const;

/** Null where no value lies in the time. */
export function pictureOf(of: ChartOf, style: ChartStyle): Picture | null {
  const { report } = of;
  const range = { ...style.range, toMs: Math.max(style.range.toMs, report.forecast?.timesMs.at(-1) ?? 0) };
  const most = of.isLarge ? style.columns : style.columns / 2;
  const columns = thinned(report.series, range.fromMs, range.toMs, most);
  const figures = figuresOf(report);
  if (columns.length === 0 || figures === null) return null;
  const height = of.isLarge ? HEIGHT.large : HEIGHT.small;
  const bottom = HEIGHT.top + height;
  const lane = of.failures.length + of.revisions.length > 0 ? HEIGHT.lane : 0;
  return {
    ...of,
    ...{ style, figures, columns, unit: unitOf(report.metric) },
    scale: scaleOf(axisOf(report, columns), range),
    ...{ top: HEIGHT.top, height, bottom, lane, total: bottom + lane + HEIGHT.times },
  };
}

/** The height of a value in pixels from the top. */
export function heightOf(value: number, { scale, top, height }: Picture): number {
  return Math.round(top + (scale.y(value) / SIDE) * height);
}
