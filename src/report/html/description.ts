import { quantity } from '../quantity.ts';
import { counted, figuresText } from '../words.ts';
import type { Picture } from './picture.ts';

/** What a chart shows, for who does not see it. */
export function chartDescription(picture: Picture): string {
  const { report, failures, revisions, figures, unit, columns, scale } = picture;
  const range = `${quantity(figures.min, unit)} to ${quantity(figures.max, unit)}`;
  const outside = columns.filter(({ low, high }) => scale.isOutside(low) || scale.isOutside(high)).length;
  const parts = [
    `${counted(figures.count, 'value')} from ${range}: ${figuresText(figures, unit)}`,
    counts([
      [report.anomalies.length, 'marked anomal', 'y', 'ies'],
      [report.changes.length, 'change', '', 's'],
      [failures.length, 'failed run', '', 's'],
      [revisions.length, 'revision', '', 's'],
    ]),
    outside > 0 ? `${counted(outside, 'place')} beyond the axis, drawn on its edge` : '',
    report.baseline === null ? '' : 'a band shows the baseline',
    report.forecast === null ? '' : 'a dashed line goes on as a forecast',
  ];
  return `${parts.filter(part => part !== '').join('; ')}.`;
}

function counts(things: [number: number, stem: string, one: string, many: string][]): string {
  return things
    .filter(([number]) => number > 0)
    .map(([number, stem, one, many]) => `${number} ${stem}${number === 1 ? one : many}`)
    .join(', ');
}
