import type { Anomaly, Change, Failure, RevisionMark } from '../data.ts';
import { quantity, signedPercent, type Unit } from '../quantity.ts';
import { shown } from '../text.ts';
import { moment } from '../time.ts';
import { anomalyText, counted, failureText } from '../words.ts';
import { type Scale, SIDE } from './geometry.ts';
import { html, type Markup } from './markup.ts';

/** Of marks nearer to each other than this, of the width's thousandths, one stands for all. */
const NEAREST = 8;

/** A place on the width of a drawing, for what is not stretched with it. */
export function percentOf(x: number): string {
  return `${x / 10}%`;
}

/** The sign of a symbol at a place, with what a pointer reads there. */
function sign(name: string, tone: string, x: number, y: number, title: string): Markup {
  return html`<g class="${tone}"><title>${title}</title><use href="#${name}" x="${percentOf(x)}" y="${y}"/></g>`;
}

const GRAVITY = { info: 0, warning: 1, critical: 2 } as const;

/** The anomalies of a chart whose square is `height` pixels high and begins `top` below: triangles that point to where the value went. */
export function anomalyMarks(
  anomalies: readonly Anomaly[],
  {
    scale,
    timezone,
    unit,
    top,
    height,
  }: { scale: Scale; timezone: string; unit: Unit; top: number; height: number },
): Markup[] {
  const gravest = anomalies.toSorted(
    (a, b) => GRAVITY[b.severity ?? 'warning'] - GRAVITY[a.severity ?? 'warning'],
  );
  return spaced(gravest, ({ timeMs }) => scale.x(timeMs)).map(({ first, x }) => {
    const { timeMs, value, direction, severity } = first;
    const y = Math.round(top + (scale.y(value) / SIDE) * height);
    const title = `${moment(timeMs, timezone)}: ${quantity(value, unit)}, ${anomalyText(first)}`;
    return sign(direction === 'above' ? 'up' : 'down', severity ?? 'warning', x, y, title);
  });
}

/** Where a metric has changed: a line, and beside it how much and with which commit, as far as there is room. */
export function changeMarks(changes: readonly Change[], scale: Scale, height: number): Markup[] {
  const ends: number[] = [];
  return changes.map(({ timeMs, deviationPercent, revisionAfter, message }) => {
    const x = scale.x(timeMs);
    const size = deviationPercent === null ? 'change' : signedPercent(deviationPercent);
    const text = revisionAfter === null ? size : `${size} with ${shown(revisionAfter, 12)}`;
    const isLeft = x > SIDE / 2;
    const [from, to] = isLeft ? [x - text.length * LETTER, x] : [x, x + text.length * LETTER];
    const fits = ends.every((end, index) => index % 2 === 1 || to < end || from > (ends[index + 1] ?? 0));
    if (fits) ends.push(from, to);
    return html`<g class="change"><title>${shown(message)}</title><line x1="${percentOf(x)}" x2="${percentOf(x)}" y1="2" y2="${height}"/>${
      fits
        ? html`<text x="${percentOf(x)}" y="11" dx="${isLeft ? -5 : 5}" text-anchor="${isLeft ? 'end' : 'start'}">${text}</text>`
        : null
    }</g>`;
  });
}

/** A letter's share of the width of a phone's chart, in thousandths. */
const LETTER = 24;

/** A row of failures and revisions below a chart. */
export function laneMarks(
  failures: readonly Failure[],
  revisions: readonly RevisionMark[],
  { scale, timezone, y }: { scale: Scale; timezone: string; y: number },
): Markup[] {
  return [
    ...spaced(revisions, ({ timeMs }) => scale.x(timeMs)).map(({ first, x, count }) => {
      const subject = first.subject === null ? '' : `: ${shown(first.subject, 100)}`;
      const title = `${moment(first.timeMs, timezone)}: ${shown(first.revision, 40)}${subject}${more(count)}`;
      return sign('revision', 'revision', x, y, title);
    }),
    ...spaced(failures, ({ timeMs }) => scale.x(timeMs)).map(({ first, x, count }) => {
      const title = `${moment(first.timeMs, timezone)}: ${failureText(first)}${more(count)}`;
      return sign('failure', 'failure', x, y, title);
    }),
  ];
}

function more(count: number): string {
  return count > 1 ? `, and ${counted(count - 1, 'more').replace(/s$/, '')} close to it` : '';
}

/** One of each group of things that are drawn in the same place: the first that is named. */
function spaced<T>(
  things: readonly T[],
  placeOf: (thing: T) => number,
): { first: T; x: number; count: number }[] {
  const groups = new Map<number, { first: T; x: number; count: number }>();
  for (const thing of things) {
    const x = placeOf(thing);
    const place = Math.floor(x / NEAREST);
    const group = groups.get(place);
    if (group === undefined) groups.set(place, { first: thing, x, count: 1 });
    else group.count += 1;
  }
  return [...groups.values()];
}
