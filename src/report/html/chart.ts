import { metricTitle, quantity } from '../quantity.ts';
import { shown } from '../text.ts';
import type { Column } from '../thin.ts';
import { timeTicks } from '../time-axis.ts';
import { figuresText } from '../words.ts';
import { bandArea, curve, forecastCurve } from './curve.ts';
import { chartDescription } from './description.ts';
import { SIDE } from './geometry.ts';
import { anomalyMarks, changeMarks, laneMarks, percentOf } from './marks.ts';
import { html, type Markup } from './markup.ts';
import { type ChartOf, type ChartStyle, heightOf, type Picture, pictureOf } from './picture.ts';

/** A chart with its heading: an SVG whose letters keep their size while the drawing is stretched to the width of its place. */
export function chart(of: ChartOf, style: ChartStyle): Markup {
  const heading = headingOf(of);
  const size = of.isLarge ? 'large' : 'small';
  const picture = pictureOf(of, style);
  if (picture === null)
    return html`<figure class="chart ${size} empty">${heading}<p class="none">No values in this time.</p></figure>`;
  return html`<figure class="chart ${size}">
<div class="caption">${heading}<p class="figures">${figuresText(picture.figures, picture.unit)}</p></div>
<div class="frame">${valueLabels(picture)}${plot(picture)}</div></figure>
`;
}

function headingOf({ report: { metric }, level }: ChartOf): Markup {
  const title = metricTitle(metric);
  const name = title === metric ? null : html` <code>${shown(metric, 80)}</code>`;
  const words = html`${shown(title, 80)}${name}`;
  return level === 3 ? html`<h3>${words}</h3>` : html`<h4>${words}</h4>`;
}

function valueLabels(picture: Picture): Markup {
  const texts = picture.scale.axis.ticks.map(
    ({ value, text }) =>
      html`<text x="100%" y="${heightOf(value, picture) + 4}" text-anchor="end">${text}</text>`,
  );
  return html`<svg class="values" height="${picture.total}" aria-hidden="true">${texts}</svg>`;
}

function plot(picture: Picture): Markup {
  const { id, owner, report, height, top, total } = picture;
  return html`<svg class="plot" height="${total}" role="img" aria-labelledby="${id}-t ${id}-d"${readings(picture)}>
<title id="${id}-t">${shown(metricTitle(report.metric), 80)} of ${owner}</title><desc id="${id}-d">${chartDescription(picture)}</desc>
${grid(picture)}${timeLabels(picture)}
<svg y="${top}" width="100%" height="${height}" viewBox="0 0 ${SIDE} ${SIDE}" preserveAspectRatio="none">${shapes(picture)}</svg>
${limitLine(picture)}${edgeLabel(picture)}${changeMarks(picture)}${anomalyMarks(picture)}${laneMarks(picture)}</svg>`;
}

/** What the script needs to read values off the drawing. */
function readings({ scale, unit, top, height }: Picture): Markup {
  const { axis, range } = scale;
  return html` data-from="${range.fromMs}" data-to="${range.toMs}" data-low="${axis.low}" data-high="${axis.high}" data-unit="${unit}" data-top="${top}" data-height="${height}"`;
}

function shapes({ report, style, columns, scale, isLarge }: Picture): Markup[] {
  const { baseline, forecast } = report;
  return [
    ...(baseline === null ? [] : [bandArea(baseline, style.range.toMs, style.columns, scale)]),
    ...curve(columns, scale, isLarge ? 80 : 40),
    ...(forecast === null ? [] : forecastCurve(forecast, style.columns / 2, scale)),
  ];
}

function grid(picture: Picture): Markup[] {
  return picture.scale.axis.ticks.map(({ value }) => across('grid', heightOf(value, picture)));
}

function across(name: string, y: number): Markup {
  return html`<line class="${name}" x1="0" x2="100%" y1="${y}" y2="${y}"/>`;
}

function timeLabels({ scale, style, bottom, lane }: Picture): Markup[] {
  return timeTicks(scale.range.fromMs, scale.range.toMs, style.timezone).map(({ timeMs, text, rank }) => {
    const place = scale.x(timeMs);
    const x = percentOf(place);
    return html`<g class="time r${rank}"><line x1="${x}" x2="${x}" y1="${bottom}" y2="${bottom + 4}"/><text x="${x}" y="${bottom + lane + 16}" text-anchor="middle">${text}</text></g>`;
  });
}

/** How far the values go that are drawn on the upper edge, beside the one that goes farthest. */
function edgeLabel(picture: Picture): Markup | null {
  const { columns, scale, unit, top } = picture;
  const farthest = columns.reduce<Column | null>(
    (most, each) => (most === null || each.high > most.high ? each : most),
    null,
  );
  if (farthest === null || farthest.high <= scale.axis.high) return null;
  const x = scale.x(farthest.timeMs);
  const isLeft = x > SIDE / 2;
  return html`<text class="edge" x="${percentOf(x)}" y="${top + 12}" dx="${isLeft ? -9 : 9}" text-anchor="${isLeft ? 'end' : 'start'}">up to ${quantity(farthest.high, unit)}</text>`;
}

/** The line that must not be reached, where it is near enough to be seen. */
function limitLine(picture: Picture): Markup | null {
  const { limit } = picture.report;
  if (limit === null || picture.scale.isOutside(limit.value)) return null;
  const y = heightOf(limit.value, picture);
  const text = `${shown(limit.name, 40)}: ${quantity(limit.value, picture.unit)}`;
  return html`<g class="limit">${across('', y)}<text x="4" y="${y - 4}">${text}</text></g>`;
}
