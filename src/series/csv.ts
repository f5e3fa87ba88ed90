import type { Readable } from 'node:stream';
import Papa from 'papaparse';
import { WatchkeeperError } from '../errors.ts';
import { type Columns, columnsOf, rowOf } from './columns.ts';
import type { Row, Series, SeriesOptions } from './series.ts';

/** Reads CSV as it comes: comma, semicolon or tab, with a heading or without. Its first rows are read before this resolves. */
export async function csvSeries(input: Readable, options: SeriesOptions): Promise<Series> {
  const batches = cellsOf(input);
  const first = await batches.next();
  const heading = first.done === true ? undefined : first.value[0];
  if (first.done === true || heading === undefined)
    throw new WatchkeeperError('usage', 'the series is empty');
  const columns = columnsOf(heading, options.values);
  return { columns: columns.values.map(({ name }) => name), rows: rowsOf(first.value, batches, columns) };
}

async function* rowsOf(
  first: string[][],
  rest: AsyncIterable<string[][]>,
  columns: Columns,
): AsyncGenerator<Row[]> {
  let line = columns.hasHeading ? 2 : 1;
  const read = (batch: string[][]): Row[] => batch.map(cells => rowOf(cells, columns, line++));
  yield read(columns.hasHeading ? first.slice(1) : first);
  for await (const batch of rest) yield read(batch);
}

/** One batch for each piece that is read; nothing is read ahead while a batch is being worked on. */
async function* cellsOf(input: Readable): AsyncGenerator<string[][]> {
  let wake = Promise.withResolvers<string[][] | null>();
  let goOn = (): void => undefined;
  let failure: Error | null = null; // it may come while a batch is being worked on, and nobody waits
  Papa.parse<string[]>(input, {
    skipEmptyLines: true,
    chunk(batch, parser) {
      parser.pause();
      goOn = () => parser.resume();
      if (batch.errors.some(({ code }) => code === 'MissingQuotes')) wake.reject(openQuote(batch.data));
      else wake.resolve(batch.data);
    },
    complete: () => wake.resolve(null),
    error(error) {
      failure = error;
      wake.reject(error);
    },
  });
  for (;;) {
    const batch = await wake.promise;
    if (batch === null) return;
    yield batch;
    if (failure !== null) throw failure;
    wake = Promise.withResolvers();
    goOn();
  }
}

/** The rest of the file is in its last cell: rows that are missing are no end of the series. */
function openQuote(rows: string[][]): WatchkeeperError {
  const begin = rows.at(-1)?.at(-1)?.slice(0, 40) ?? '';
  return new WatchkeeperError(
    'usage',
    `a quote is never closed, that of the cell that begins with ${JSON.stringify(begin)}: the file is cut off, or a " is missing there`,
  );
}
