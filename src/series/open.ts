import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { messageOf, WatchkeeperError } from '../errors.ts';
import { csvSeries } from './csv.ts';
import { jsonSeries } from './json.ts';
import type { Series, SeriesOptions } from './series.ts';

/** Bytes that are read at once: what becomes of them (rows, lines of output) is short-lived garbage, and must stay little. */
const PIECE = 1 << 14;
const SAVE_AS = 'save it as CSV or JSON in UTF-8 (UTF-16, as some programs write it, is not read)';

/**
 * Opens a series: a file, or `-` for standard input. JSON is known by its name (`.json`, `.jsonl`, `.ndjson`) or, on standard
 * input, by its first character; anything else is CSV.
 *
 * @throws WatchkeeperError 'usage' where it cannot be read or is no series; reading the rows may throw it, too
 */
export async function openSeries(file: string, stdin: Readable, options: SeriesOptions): Promise<Series> {
  const input = file === '-' ? stdin : createReadStream(file, { highWaterMark: PIECE });
  try {
    const head = await headOf(input);
    if (head.includes(0)) throw new WatchkeeperError('usage', `${file} is no text in UTF-8: ${SAVE_AS}`);
    const isJson =
      ['.json', '.jsonl', '.ndjson'].includes(extname(file).toLowerCase()) || /^\s*[[{]/.test(String(head));
    return isJson ? jsonSeries(withoutMark(await text(input)), options) : await csvSeries(input, options);
  } catch (error) {
    if (error instanceof WatchkeeperError) throw error;
    throw new WatchkeeperError('usage', `${file} cannot be read: ${messageOf(error)}`);
  }
}

/** The first piece of a stream, which stays in it. */
async function headOf(input: Readable): Promise<Buffer> {
  await once(input, 'readable');
  const piece: Buffer | null = input.read();
  if (piece === null) throw new WatchkeeperError('usage', 'the series is empty');
  input.unshift(piece);
  return piece;
}

function withoutMark(content: string): string {
  return content.replace(/^\uFEFF/, '');
}
