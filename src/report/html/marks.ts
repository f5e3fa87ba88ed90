import { quantity, signedPercent } from '../quantity.ts';
import { shown } from '../text.ts';
import { moment } from '../time.ts';
import { anomalyText, failureText, revisionText } from '../words.ts';
import { SIDE } from './geometry.ts';
import { html, type Markup } from './markup.ts';
import { heightOf, type Picture } from './picture.ts';

/** Of marks nearer to each other than this, of the width's thousandths, one stands for all. */
const NEAREST = 8;

/** A letter's share of the width of a phone's chart, in thousandths. */
const LETTER = 24;

/** A place on the width of a drawing, for what is not stretched with it. */
export function percentOf(x: number): string {
  return `${x / 10}%`;
}

/** The sign of a symbol at a place, with what a pointer reads there. */
function sign(name: string, tone: string, x: number, y: number, title: string): Markup {
  return html`<g class="${tone}"><title>${title}</title><use href="#${name}" x="${percentOf(x)}" y="${y}"/></g>`;
}

const GRAVITY = { info: 0, warning: 1, critical: 2 } as const;

/** Triangles that point to where the value went, on its place; the gravest where several are in one. */
export function anomalyMarks(picture: Picture): Markup[] {
  const { report, unit, scale, style } = picture;
  const gravest = report.anomalies.toSorted(
    (a, b) => GRAVITY[b.severity ?? 'warning'] - GRAVITY[a.severity ?? 'warning'],
  );
  return spaced(gravest, ({ timeMs }) => scale.x(timeMs)).map(({ first, x, count }) => {
    const { timeMs, value, direction, severity } = first;
    const title = `${moment(timeMs, style.timezone)}: ${quantity(value, unit)}, ${anomalyText(first)}${more(count)}`;
    return sign(
      direction === 'above' ? 'up' : 'down',
      severity ?? 'warning',
      x,
      heightOf(value, picture),
      title,
    );
  });
}

/** Where a metric has changed: a line, and above it how much and with which commit, as far as there is room. */
export function changeMarks({ report, scale, bottom }: Picture): Markup[] {
  const taken: [from: number, to: number][] = [];
  return report.changes.map(({ timeMs, deviationPercent, revisionAfter, message }) => {
    const x = scale.x(timeMs);
    const size = deviationPercent === null ? 'change' : signedPercent(deviationPercent);
    const text = revisionAfter === null ? size : `${size} with ${shown(revisionAfter, 12)}`;
    const isLeft = x > SIDE / 2;
    const width = text.length * LETTER;
    const [from, to] = isLeft ? [x - width, x] : [x, x + width];
    const fits = taken.every(place => to < place[0] || from > place[1]);
    if (fits) taken.push([from, to]);
    const at = percentOf(x);
    return html`<g class="change"><title>${shown(message)}</title><line x1="${at}" x2="${at}" y1="2" y2="${bottom}"/>${
      fits
        ? html`<text x="${at}" y="11" dx="${isLeft ? -5 : 5}" text-anchor="${isLeft ? 'end' : 'start'}">${text}</text>`
        : null
    }</g>`;
  });
}

/** A row of failures and revisions below a chart. */
export function laneMarks({ failures, revisions, scale, style, bottom, lane }: Picture): Markup[] {
  const y = bottom + lane / 2;
  return [
    ...spaced(revisions, ({ timeMs }) => scale.x(timeMs)).map(({ first, x, count }) => {
      const title = `${moment(first.timeMs, style.timezone)}: ${revisionText(first)}${more(count)}`;
      return sign('revision', 'revision', x, y, title);
    }),
    ...spaced(failures, ({ timeMs }) => scale.x(timeMs)).map(({ first, x, count }) => {
      const title = `${moment(first.timeMs, style.timezone)}: ${failureText(first)}${more(count)}`;
      return sign('failure', 'failure', x, y, title);
    }),
  ];
}

function more(count: number): string {
  return count > 1 ? `, and ${count - 1} more close to it` : '';
}

/** One of each group of things that are drawn in the same place: the first that is named. */
function spaced<T>(
  things: readonly T[],
  placeOf: (thing: T) => number,
): { first: T; x: number; count: number }[] {
  const groups = new Map<number, { first: T; x: number; count: number }>();
  for (const thing of things) {
    const x = placeOf(thing);
    const group = groups.get(Math.floor(x / NEAREST));
    if (group === undefined) groups.set(Math.floor(x / NEAREST), { first: thing, x, count: 1 });
    else group.count += 1;
  }
  return [...groups.values()];
}
