import { WatchkeeperError } from '../errors.ts';
import { momentOf } from './moment.ts';
import type { Row } from './series.ts';

/** Which cells of a row are what. */
export interface Columns {
  /** Null: the series has no times. */
  time: number | null;
  values: { index: number; name: string }[];
  /** Whether the first row holds the names. */
  hasHeading: boolean;
}

/** A column that counts the rows is a time of its own kind; one without a name is what data frames write their index as. */
const TIME_NAMES = new Set([
  ...['time', 'timestamp', 'datetime', 'date', 'ts', 't', 'startedat', 'endedat'],
  ...['index', 'step', 'run', 'row', 'seq', ''],
]);
const NOTHING = new Set(['', 'null', 'nan', 'na', 'n/a', 'none']);

/**
 * The columns by the first row. With names, the time is the one that is called so, and all others are values. Without,
 * a lone column is the value, two are time and value, and of more the first is the time where it is a date.
 */
export function columnsOf(first: readonly string[], wanted: string[] | null): Columns {
  const hasHeading = first.some(cell => !isNumber(cell) && momentOf(cell) === null && !isNothing(cell));
  const names = hasHeading ? first.map(cell => cell.trim()) : unnamed(first.length);
  const time = hasHeading ? timeByName(names) : timeByPlace(first);
  return { time, values: chosen(names, time, wanted), hasHeading };
}

function unnamed(count: number): string[] {
  return count <= 2
    ? ['time', 'value'].slice(2 - count)
    : Array.from({ length: count }, (_, index) => `column${index + 1}`);
}

function timeByName(names: string[]): number | null {
  const found = names.findIndex(name => TIME_NAMES.has(name.toLowerCase()));
  return found === -1 ? null : found;
}

function timeByPlace(first: readonly string[]): number | null {
  if (first.length === 2) return 0;
  const cell = first[0] ?? '';
  return first.length > 2 && !isNumber(cell) && momentOf(cell) !== null ? 0 : null;
}

function chosen(names: string[], time: number | null, wanted: string[] | null): Columns['values'] {
  const all = names.map((name, index) => ({ index, name }));
  const values =
    wanted === null ? all.filter(({ index }) => index !== time) : wanted.map(name => named(all, name));
  if (values.length === 0)
    throw new WatchkeeperError('usage', 'the series has no column of values beside its time');
  return values;
}

function named(all: Columns['values'], name: string): { index: number; name: string } {
  const found = all.find(column => column.name === name);
  if (found !== undefined) return found;
  const known = all.map(column => column.name).join(', ');
  throw new WatchkeeperError('usage', `--value: there is no column '${name}': the columns are ${known}`);
}

/** @throws WatchkeeperError 'usage' where a value is no number; says the line, the column and how to go on */
export function rowOf(cells: readonly string[], columns: Columns, line: number): Row {
  const time = columns.time === null ? null : timeIn(cells[columns.time] ?? '');
  const values = columns.values.map(({ index, name }) => valueIn(cells[index] ?? '', name, line));
  return { time, timeMs: momentOf(time), values };
}

/** A number as one, anything else as it is. */
function timeIn(cell: string): string | number | null {
  if (cell === '') return null;
  const number = Number(cell);
  return Number.isFinite(number) && cell.trim() !== '' ? number : cell;
}

function valueIn(cell: string, column: string, line: number): number | null {
  const value = Number(cell);
  if (cell !== '' && Number.isFinite(value) && cell.trim() !== '') return value;
  if (isNothing(cell)) return null;
  throw new WatchkeeperError(
    'usage',
    `line ${line}: '${cell.slice(0, 40)}' in the column ${column} is not a number (decimals have a point, a missing value is an empty ` +
      'cell, null or NaN). Columns to be judged are named with --value, such as --value latency,errors',
  );
}

function isNumber(cell: string): boolean {
  return cell.trim() !== '' && Number.isFinite(Number(cell));
}

function isNothing(cell: string): boolean {
  return NOTHING.has(cell.trim().toLowerCase());
}
