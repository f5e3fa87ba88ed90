/** What was aimed at, in words, and whether it was reached. */
export interface Goal {
  text: string;
  met: boolean;
}

export interface Row {
  /** What was measured. */
  label: string;
  /** One for each column; null where a column says nothing of this row. */
  figures: (number | null)[];
  /** Null: the row is there for comparison. */
  goal: Goal | null;
}

export interface Table {
  title: string;
  /** What the labels are. */
  subject: string;
  columns: { name: string; decimals: number }[];
  rows: Row[];
  /** How it was measured, and what the figures leave open. */
  notes: string[];
}

/** The lines of a table, as plain text that is Markdown too. A goal that was not reached is in capitals. */
export function formatTable({ title, subject, columns, rows, notes }: Table): string[] {
  const head = [subject, ...columns.map(({ name }) => name), 'goal', 'result'];
  const body = rows.map(({ label, figures, goal }) => [
    label,
    ...columns.map(({ decimals }, index) => figureText(figures[index] ?? null, decimals)),
    goal?.text ?? '',
    goal === null ? '' : goal.met ? 'pass' : 'MISSED',
  ]);
  const widths = head.map((name, column) =>
    Math.max(3, name.length, ...body.map(cells => (cells[column] ?? '').length)),
  );
  const isText = (column: number): boolean => column === 0 || column > columns.length;
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    isText(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [
    `## ${title}`,
    '',
    line(head),
    line(rule),
    ...body.map(line),
    '',
    ...notes.map(note => `- ${note}`),
  ];
}

function figureText(figure: number | null, decimals: number): string {
  if (figure === null) return '';
  return (Number(figure.toFixed(decimals)) + 0).toFixed(decimals); // no -0.00
}
