import type { Band, Forecast } from '../data.ts';
import type { Column } from '../thin.ts';
import type { Scale } from './geometry.ts';
import { html, type Markup } from './markup.ts';
import { areaBetween, type Place, pathThrough, pieces } from './path.ts';
import { shape } from './shape.ts';

/**
 * The series itself: a line through what is typical, behind it the range from the lowest to the highest value.
 *
 * @param dotted up to so many values each one is a dot as well
 */
export function curve(columns: Column[], scale: Scale, dotted: number): Markup[] {
  const parts = pieces(columns);
  const line = (value: (column: Column) => number): string =>
    parts
      .map(part => pathThrough(part.map(column => [scale.x(column.timeMs), scale.y(value(column))])))
      .join('');
  const hasRange = columns.some(({ low, high }) => high > low);
  const hasTail = columns.some(({ p95 }) => p95 !== null);
  return [
    ...(hasRange ? [shape('range', rangePath(parts, scale))] : []),
    ...(hasTail
      ? [
          shape(
            'tail',
            line(({ p95, middle }) => p95 ?? middle),
          ),
        ]
      : []),
    shape(
      'line',
      line(({ middle }) => middle),
    ),
    ...(columns.length <= dotted && !hasRange ? [shape('dots', dots(columns, scale))] : []),
  ];
}

function rangePath(parts: Column[][], scale: Scale): string {
  return parts
    .map(part =>
      areaBetween(
        part.map(({ timeMs, high }) => [scale.x(timeMs), scale.y(high)]),
        part.map(({ timeMs, low }) => [scale.x(timeMs), scale.y(low)]),
      ),
    )
    .join('');
}

function dots(columns: Column[], scale: Scale): string {
  return columns.map(({ timeMs, middle }) => pathThrough([[scale.x(timeMs), scale.y(middle)]])).join('');
}

/** What is normal, as at most `most` steps: each height holds until the next one begins. */
export function bandArea(band: Band, toMs: number, most: number, scale: Scale): Markup {
  const [first, ...rest] = bandSteps(band, most);
  if (first === undefined) return html``;
  const steps = rest.length === 0 ? [{ ...first, timeMs: scale.range.fromMs }] : [first, ...rest];
  const side = (value: (step: BandStep) => number): Place[] =>
    steps.flatMap((step, index) => {
      const end = steps[index + 1]?.timeMs ?? toMs;
      const y = scale.y(value(step));
      return [[scale.x(step.timeMs), y] as const, [scale.x(end), y] as const];
    });
  return shape(
    'band',
    areaBetween(
      side(({ high }) => high),
      side(({ low }) => low),
    ),
  );
}

interface BandStep {
  timeMs: number;
  low: number;
  high: number;
}

/** Neighbours that are too many for the drawing become one step, which holds all of them. */
function bandSteps({ timesMs, low, high }: Band, most: number): BandStep[] {
  const each = Math.max(1, Math.ceil(timesMs.length / most));
  return Array.from({ length: Math.ceil(timesMs.length / each) }, (_, index) => {
    const [from, to] = [index * each, (index + 1) * each];
    return {
      timeMs: timesMs[from] ?? 0,
      low: Math.min(...low.slice(from, to)),
      high: Math.max(...high.slice(from, to)),
    };
  });
}

export function forecastCurve(
  { timesMs, values, low, high }: Forecast,
  most: number,
  scale: Scale,
): Markup[] {
  const every = Math.max(1, Math.ceil(timesMs.length / most));
  const side = (of: readonly number[]): Place[] =>
    timesMs.flatMap((timeMs, index) =>
      index % every === 0 || index === timesMs.length - 1
        ? [[scale.x(timeMs), scale.y(of[index] ?? 0)] as const]
        : [],
    );
  if (timesMs.length === 0) return [];
  return [shape('ahead', areaBetween(side(high), side(low))), shape('forecast', pathThrough(side(values)))];
}
