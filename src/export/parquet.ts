import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { Run } from '../glossary/run.ts';
import { VERSION } from '../version.ts';
import { type Column, columnsOf } from './columns.ts';
import type { Render } from './format.ts';

/** Runs in a row group: so many are held at once, as columns. Readers like groups of over 10,000, memory likes small ones. */
const GROUP_ROWS = 10_000;

/**
 * Apache Parquet: the columns of the CSV with their types, Snappy, one row group after the other. Whole numbers are INT64, times
 * are timestamps in UTC with milliseconds, no value is null.
 */
export const parquet: Render = function* ({ pages, customMetrics }) {
  const columns = columnsOf(customMetrics());
  const writer = new ByteWriter();
  const createdBy = `watchkeeper version ${VERSION}`;
  const file = new ParquetWriter({ writer, schema: schemaOf(columns), createdBy });
  for (const columnData of groupsOf(columns, pages())) {
    void file.write({ columnData, rowGroupSize: GROUP_ROWS }); // into memory: done when it returns
    yield taken(writer);
  }
  void file.finish();
  yield taken(writer);
};

type Cell = string | number | bigint | null;

interface Cells {
  name: string;
  data: Cell[];
}

/** Each full group is handed out as columns, and what is left in the end. */
function* groupsOf(columns: readonly Column[], pages: Iterable<Run[]>): Generator<Cells[]> {
  let group = emptyGroup(columns);
  let rows = 0;
  for (const run of runsOf(pages)) {
    columns.forEach((column, index) => void group[index]?.data.push(cellOf(column, run)));
    rows += 1;
    if (rows < GROUP_ROWS) continue;
    yield group;
    [group, rows] = [emptyGroup(columns), 0];
  }
  if (rows > 0) yield group;
}

const emptyGroup = (columns: readonly Column[]): Cells[] => columns.map(({ name }) => ({ name, data: [] }));

function* runsOf(pages: Iterable<Run[]>): Generator<Run> {
  for (const page of pages) yield* page;
}

/** What was written stays with the writer no longer; where in the file it is, it counts by itself. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = new Uint8Array(writer.getBuffer());
  writer.index = 0;
  return bytes;
}

const TYPES = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  time: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  whole: { type: 'INT64' },
  number: { type: 'DOUBLE' },
} as const satisfies Record<Column['type'], Partial<SchemaElement>>;

function schemaOf(columns: readonly Column[]): SchemaElement[] {
  const fields = columns.map(({ name, type }) => ({
    name,
    ...TYPES[type],
    repetition_type: 'OPTIONAL' as const,
  }));
  return [{ name: 'runs', num_children: fields.length }, ...fields];
}

function cellOf({ type, of }: Column, run: Run): Cell {
  const value = of(run);
  if (type === 'time') return typeof value === 'string' ? wholeOf(Date.parse(value)) : null;
  return type === 'whole' ? wholeOf(value) : value;
}

function wholeOf(value: string | number | null): bigint | null {
  return Number.isSafeInteger(value) ? BigInt(value as number) : null;
}
