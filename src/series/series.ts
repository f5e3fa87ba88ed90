/** A series as somebody else has written it down: one row after the other, each with the same columns of numbers. */
export interface Series {
  /** Of the value columns, in their order; a lone one without a heading is `value`. */
  columns: string[];
  /** In the order of the file, in batches: a file is never held in memory as a whole where its format allows it. */
  rows: AsyncIterable<Row[]> | Iterable<Row[]>;
}

export interface Row {
  /** As it was given; null where there is no time. */
  time: string | number | null;
  /** Milliseconds since 1970; null where there is no time, or none that can be read. */
  timeMs: number | null;
  /** Null where the cell is empty. */
  values: (number | null)[];
}

export interface SeriesOptions {
  /** The columns to be read as values; null: all but the time. */
  values: string[] | null;
}
