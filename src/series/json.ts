import { WatchkeeperError } from '../errors.ts';
import { columnsOf, rowOf } from './columns.ts';
import type { Row, Series, SeriesOptions } from './series.ts';

const FORMS =
  'a list of numbers, of [time, value] or of {"time", "value"}, the same one a line, or {"values": [...]} with "times" beside it';

/**
 * Reads a series from JSON text: a list of numbers, of rows or of objects; an object with `values` (and `times`); or one of
 * those rows on each line. The columns of objects are the keys of the first one.
 *
 * @throws WatchkeeperError 'usage' where it is none of these
 */
export function jsonSeries(text: string, options: SeriesOptions): Series {
  const items = listOf(parsed(text));
  const first = items[0];
  if (first === undefined) throw new WatchkeeperError('usage', 'the series is empty');
  const names = isRecord(first) ? Object.keys(first) : null;
  const cells = items.map((item, index) => cellsOf(item, names, index));
  const columns = columnsOf(names ?? cells[0] ?? [], options.values);
  const isNamedByRow = names === null && columns.hasHeading;
  const rows: Row[] = cells.slice(isNamedByRow ? 1 : 0).map((row, index) => rowOf(row, columns, index + 1));
  return { columns: columns.values.map(({ name }) => name), rows: [rows] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const lines = text.split('\n').filter(line => line.trim() !== '');
    if (lines.length < 2) throw new WatchkeeperError('usage', `the series is not JSON: ${String(error)}`);
    return lines.map(parsedLine);
  }
}

function parsedLine(line: string, index: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new WatchkeeperError('usage', `line ${index + 1} is not JSON: ${String(error)}`);
  }
}

function listOf(given: unknown): unknown[] {
  if (Array.isArray(given)) return given;
  if (isRecord(given) && Array.isArray(given['values'])) return withTimes(given['values'], given['times']);
  throw new WatchkeeperError('usage', `the JSON is no series: it must be ${FORMS}`);
}

function withTimes(values: unknown[], times: unknown): unknown[] {
  if (!Array.isArray(times)) return values;
  return values.map((value, index) => [times[index] ?? null, ...(Array.isArray(value) ? value : [value])]);
}

function cellsOf(item: unknown, names: string[] | null, index: number): string[] {
  if (names !== null && isRecord(item)) return names.map(name => cellOf(item[name], index));
  if (Array.isArray(item)) return item.map(cell => cellOf(cell, index));
  if (names === null && !isRecord(item)) return [cellOf(item, index)];
  throw new WatchkeeperError(
    'usage',
    `item ${index + 1} differs in kind from the first one: the JSON must be ${FORMS}`,
  );
}

function cellOf(cell: unknown, index: number): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number' || typeof cell === 'string') return String(cell);
  throw new WatchkeeperError(
    'usage',
    `item ${index + 1} holds neither numbers nor text: the JSON must be ${FORMS}`,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
