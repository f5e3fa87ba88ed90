import { appendFileSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { readJsonLines } from '../files.ts';
import { parseJson, toJsonLines } from '../json.ts';
import { Problem } from '../run.ts';
import { type Candle, isCandle } from './candles.ts';

/** What the collector has to know of the candles that it has. */
export interface CandleFile {
  count: number;
  last: Candle | null;
  /** Bytes of a torn last line that were cut off; 0 almost always. */
  repairedBytes: number;
}

/**
 * Makes a candle file ready for appending. A crash or a full disk in the middle of a write leaves a last line without
 * its end: it is cut off here, and its candle is fetched again. Throws a Problem where the last line is no candle.
 */
export function openCandleFile(file: string): CandleFile {
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, ''); // it is there from now on, and a file that we may not write to fails at once
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf('\n') + 1;
  if (end < bytes.length) truncateSync(file, end);
  const whole = bytes.subarray(0, end);
  return { count: countLines(whole), last: lastCandle(file, whole), repairedBytes: bytes.length - end };
}

/** Appends candles; they are on disk when this returns. */
export function appendCandles(file: string, candles: readonly Candle[]): void {
  appendFileSync(file, toJsonLines(candles), { flush: true });
}

/** All candles, oldest first. Throws a Problem that says what to do where there are none, or a line is damaged. */
export function readCandles(file: string): Candle[] {
  const advice =
    'run the collector; where a line is damaged, delete the file before that, it is fetched again';
  const candles = readJsonLines(file, isCandle, advice);
  if (candles.length === 0) throw new Problem(`${file} has no candles yet: run the collector`);
  return candles;
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf('\n'); at !== -1; at = bytes.indexOf('\n', at + 1)) count += 1;
  return count;
}

function lastCandle(file: string, bytes: Buffer): Candle | null {
  if (bytes.length === 0) return null;
  const start = bytes.lastIndexOf('\n', bytes.length - 2) + 1;
  const record = parseJson(bytes.subarray(start).toString());
  if (isCandle(record)) return record;
  throw new Problem(
    `the last line of ${file} is not a candle: move the file away, all candles are then fetched again`,
  );
}
