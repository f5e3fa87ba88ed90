import type { Band, Forecast } from '../data.ts';
import type { Column } from '../thin.ts';
import type { Scale } from './geometry.ts';
import { html, type Markup } from './markup.ts';
import { areaBetween, type Place, pathThrough, pieces } from './path.ts';
import { shape } from './shape.ts';

/** Up to so many values each one is a dot as well. */
const DOTTED = 80;

/** The series itself: a line through what is typical, behind it the range from the lowest to the highest value. */
export function curve(columns: Column[], scale: Scale): Markup[] {
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
    ...(columns.length <= DOTTED && !hasRange ? [shape('dots', dots(columns, scale))] : []),
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

/** What is normal, as steps: each height holds until the next one begins. */
export function bandArea(band: Band, toMs: number, most: number, scale: Scale): Markup {
  const every = Math.max(1, Math.ceil(band.timesMs.length / most));
  const kept = band.timesMs.flatMap((timeMs, index) =>
    index % every === 0 ? [{ timeMs, low: band.low[index] ?? 0, high: band.high[index] ?? 0 }] : [],
  );
  const [first] = kept;
  if (first === undefined) return html``;
  const starts = kept.length === 1 ? [{ ...first, timeMs: scale.range.fromMs }] : kept;
  const side = (value: (entry: { low: number; high: number }) => number): Place[] =>
    starts.flatMap((entry, index) => {
      const end = starts[index + 1]?.timeMs ?? toMs;
      return [
        [scale.x(entry.timeMs), scale.y(value(entry))],
        [scale.x(end), scale.y(value(entry))],
      ] as const;
    });
  return shape(
    'band',
    areaBetween(
      side(({ high }) => high),
      side(({ low }) => low),
    ),
  );
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
