import type { TextStream } from './terminal.ts';

const GAP = '  ';
const INDENT = '    ';

/**
 * Rows with every column as wide as its widest cell; the first ones are flush left, figures flush right. Columns that a narrow
 * terminal has no room for stand below, further in: a row is then a text of several lines.
 *
 * @param width characters that a line may have; one cell that is wider stands alone
 */
export function table(rows: readonly string[][], leftColumns = 1, width = Infinity): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)));
  const cell = (row: readonly string[], column: number): string => {
    const [text, wide] = [row[column] ?? '', widths[column] ?? 0];
    return column < leftColumns ? text.padEnd(wide) : text.padStart(wide);
  };
  const parts = partsWithin(widths, width);
  return rows.map(row =>
    parts
      .map((columns, part) => {
        const line = columns.map(column => cell(row, column)).join(GAP);
        return `${part === 0 ? '' : INDENT}${line}`.trimEnd();
      })
      .filter((line, part) => part === 0 || line !== '')
      .join('\n'),
  );
}

/** The columns of each line: as many as there is room for. */
function partsWithin(widths: readonly number[], width: number): number[][] {
  const parts: number[][] = [];
  let used = 0;
  widths.forEach((wide, column) => {
    const fits = parts.length > 0 && used + GAP.length + wide <= width;
    if (fits) parts.at(-1)?.push(column);
    else parts.push([column]);
    used = fits ? used + GAP.length + wide : wide + (parts.length > 1 ? INDENT.length : 0);
  });
  return parts;
}

/** What a table has room for: the width of a terminal; a file or a pipe takes any. */
export function widthOf({ isTTY, columns = 0 }: TextStream): number {
  return isTTY === true && columns > 0 ? columns : Infinity;
}
