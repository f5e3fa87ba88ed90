import { shown } from '../text.ts';

/** A text of somebody else's in Markdown: every sign that could mean something there stands for itself. */
export function plainText(text: string): string {
  return shown(text, 2000).replace(/[\\`*_[\]<>|~&]/g, '\\$&');
}

/** A text of somebody else's as code, whatever backticks it holds. */
export function codeText(text: string): string {
  const inner = shown(text, 2000);
  const fence = '`'.repeat(Math.max(0, ...(inner.match(/`+/g) ?? []).map(({ length }) => length)) + 1);
  const room = inner.startsWith('`') || inner.endsWith('`') ? ' ' : '';
  return `${fence}${room}${inner}${room}${fence}`;
}

/** A table whose columns are aligned for who reads it as it is. Cells are Markdown. `numbers`: columns that are flush right. */
export function markdownTable(
  heads: readonly string[],
  rows: readonly string[][],
  numbers: readonly number[] = [],
): string {
  const widths = heads.map((head, column) =>
    Math.max(3, ...[head, ...rows.map(row => row[column] ?? '')].map(widthOf)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => padded(cells[column] ?? '', width, numbers.includes(column))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    numbers.includes(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [line(heads), line(rule), ...rows.map(line)].join('\n');
}

function padded(cell: string, width: number, isNumber: boolean): string {
  const room = ' '.repeat(Math.max(0, width - widthOf(cell)));
  return isNumber ? room + cell : cell + room;
}

function widthOf(text: string): number {
  return [...text].length;
}
