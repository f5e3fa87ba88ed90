import type { Failure, MetricReport, RevisionMark } from '../data.ts';
import { metricTitle, quantity, unitOf } from '../quantity.ts';
import { shown } from '../text.ts';
import { type Column, thinned } from '../thin.ts';
import { timeTicks } from '../time-axis.ts';
import { figuresText } from '../words.ts';
import { bandArea, curve, forecastCurve } from './curve.ts';
import { chartDescription } from './description.ts';
import { axisOf, type Scale, SIDE, scaleOf, type TimeRange } from './geometry.ts';
import { anomalyMarks, changeMarks, laneMarks, percentOf } from './marks.ts';
import { html, type Markup } from './markup.ts';

/** What all charts of a report have in common. */
export interface ChartStyle {
  timezone: string;
  /** The time of the report; a forecast may go beyond it. */
  range: TimeRange;
  /** Most columns of a chart. */
  columns: number;
}

export interface ChartOf {
  /** Unique in the document. */
  id: string;
  /** Whose metric it is. */
  owner: string;
  report: MetricReport;
  isLarge: boolean;
  failures: readonly Failure[];
  revisions: readonly RevisionMark[];
}

/** Heights in pixels: the square, what is above it, the row of marks and the row of times below. */
const HEIGHT = { large: 168, small: 112, top: 16, lane: 16, times: 22 } as const;

/** A chart with its heading: an SVG whose letters keep their size while the drawing is stretched to the width of its place. */
export function chart(of: ChartOf, style: ChartStyle): Markup {
  const { id, report, isLarge } = of;
  const heading = html`<h4>${shown(metricTitle(report.metric), 80)} <code>${shown(report.metric, 80)}</code></h4>`;
  const figures = figuresText(report);
  const size = isLarge ? 'large' : 'small';
  if (figures === null)
    return html`<figure class="chart ${size} empty">${heading}<p class="none">No values in this time.</p></figure>`;
  return html`<figure class="chart ${size}">
<div class="caption">${heading}<p class="figures">${figures}</p></div>
<div class="frame" id="${id}">${drawing(of, style)}</div></figure>
`;
}

function drawing(of: ChartOf, style: ChartStyle): Markup {
  const { report } = of;
  const range = { ...style.range, toMs: Math.max(style.range.toMs, report.forecast?.timesMs.at(-1) ?? 0) };
  const columns = thinned(report.series, range.fromMs, range.toMs, style.columns);
  const scale = scaleOf(axisOf(report, columns), range);
  const height = of.isLarge ? HEIGHT.large : HEIGHT.small;
  const lane = of.failures.length + of.revisions.length > 0 ? HEIGHT.lane : 0;
  const total = HEIGHT.top + height + lane + HEIGHT.times;
  return html`${valueLabels(scale, height, total)}${plot(of, style, { scale, columns, height, lane, total })}`;
}

function valueLabels({ axis, y }: Scale, height: number, total: number): Markup {
  const texts = axis.ticks.map(
    ({ value, text }) =>
      html`<text x="100%" y="${pixel(y(value), height) + 4}" text-anchor="end">${text}</text>`,
  );
  return html`<svg class="values" height="${total}" aria-hidden="true">${texts}</svg>`;
}

interface Layout {
  scale: Scale;
  columns: Column[];
  height: number;
  lane: number;
  total: number;
}

function plot(of: ChartOf, style: ChartStyle, { scale, columns, height, lane, total }: Layout): Markup {
  const { report, id, owner } = of;
  const { timezone } = style;
  const unit = unitOf(report.metric);
  const bottom = HEIGHT.top + height;
  return html`<svg class="plot" height="${total}" role="img" aria-labelledby="${id}-t ${id}-d" data-from="${scale.range.fromMs}" data-to="${scale.range.toMs}" data-low="${scale.axis.low}" data-high="${scale.axis.high}" data-unit="${unit}" data-top="${HEIGHT.top}" data-height="${height}">
<title id="${id}-t">${shown(metricTitle(report.metric), 80)} of ${owner}</title><desc id="${id}-d">${chartDescription(of, columns, scale)}</desc>
${grid(scale, height)}${timeLabels(scale, style, bottom, lane)}
<svg y="${HEIGHT.top}" width="100%" height="${height}" viewBox="0 0 ${SIDE} ${SIDE}" preserveAspectRatio="none">${shapes(report, style, columns, scale)}</svg>
${changeMarks(report.changes, scale, bottom)}${limitLine(report, scale, height)}${anomalyMarks(report.anomalies, { scale, timezone, unit, top: HEIGHT.top, height })}${laneMarks(of.failures, of.revisions, { scale, timezone, y: bottom + lane / 2 })}</svg>`;
}

function shapes(report: MetricReport, style: ChartStyle, columns: Column[], scale: Scale): Markup[] {
  const { baseline, forecast } = report;
  return [
    ...(baseline === null ? [] : [bandArea(baseline, style.range.toMs, style.columns / 2, scale)]),
    ...curve(columns, scale),
    ...(forecast === null ? [] : forecastCurve(forecast, style.columns / 2, scale)),
  ];
}

function grid({ axis, y }: Scale, height: number): Markup[] {
  return axis.ticks.map(({ value }) => {
    const at = pixel(y(value), height);
    return html`<line class="grid" x1="0" x2="100%" y1="${at}" y2="${at}"/>`;
  });
}

function timeLabels({ range, x }: Scale, { timezone }: ChartStyle, bottom: number, lane: number): Markup[] {
  return timeTicks(range.fromMs, range.toMs, timezone).map(({ timeMs, text, rank }) => {
    const place = x(timeMs);
    const anchor = place < 40 ? 'start' : place > 960 ? 'end' : 'middle';
    return html`<g class="time r${rank}"><line x1="${percentOf(place)}" x2="${percentOf(place)}" y1="${bottom}" y2="${bottom + 4}"/><text x="${percentOf(place)}" y="${bottom + lane + 16}" text-anchor="${anchor}">${text}</text></g>`;
  });
}

/** The line that must not be reached, where it is near enough to be seen. */
function limitLine({ limit, metric }: MetricReport, scale: Scale, height: number): Markup | null {
  if (limit === null || scale.isOutside(limit.value)) return null;
  const at = pixel(scale.y(limit.value), height);
  const text = `${shown(limit.name, 40)} ${quantity(limit.value, unitOf(metric))}`;
  return html`<g class="limit"><line x1="0" x2="100%" y1="${at}" y2="${at}"/><text x="4" y="${at - 4}">${text}</text></g>`;
}

function pixel(place: number, height: number): number {
  return Math.round(HEIGHT.top + (place / SIDE) * height);
}
