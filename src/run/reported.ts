import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemErrorCode } from '../errors.ts';
import type { ReportedMetrics } from '../glossary/run.ts';
import { type BadLine, bad } from './reported-fact.ts';
import { readLines } from './reported-lines.ts';
import { ReportedTotals } from './reported-totals.ts';

/** What is read of one run's file; a line that begins beyond it makes the rest one bad line. */
const MAX_BYTES = 64 * 2 ** 20;
const MAX_LINE_BYTES = 16 * 2 ** 10;

const NO_FILE = 'the whole file is no regular one, or cannot be read';
const NO_LINE = 'it is not UTF-8, over 16 KB, or beyond the first 64 MB of the file';

/** While our own descriptors are used up the file is tried so often: whatever ends gives some back. */
const TRIES = 50;
const PAUSE_MS = 100;

/**
 * Reads what a child has said of itself in its metrics file (JSON lines, WATCHKEEPER_METRICS).
 *
 * The file is as good as its writer: whatever stands in it, this neither throws nor uses more memory than the figures
 * need. What is no metric, mark or label counts as a bad line: a torn line, broken JSON or UTF-8, a wrong type, a number that is
 * not finite, a name that cannot be one, a mark without a time, a line over 16 KB, and all that stands beyond 64 MB. A file that is no regular
 * file (a link, a FIFO) or that cannot be read is one bad line; one that is missing reports nothing.
 *
 * @param onBadLine told of each bad line: its number, from 1 on, and what is wrong
 */
export async function readReportedMetrics(
  file: string,
  onBadLine: (number: number, line: BadLine) => void = () => undefined,
): Promise<ReportedMetrics> {
  const totals = new ReportedTotals();
  try {
    const handle = await opened(file);
    await readInto(totals, handle, onBadLine).finally(() => handle.close());
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') onBadLine(1, totals.countBadLine(bad(NO_FILE)));
  }
  return totals.result();
}

/** Neither follows a link nor waits for the other end of a FIFO. */
async function opened(file: string): Promise<FileHandle> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
      const code = systemErrorCode(error);
      if (tries === TRIES || (code !== 'EMFILE' && code !== 'ENFILE')) throw error;
    }
    await sleep(PAUSE_MS);
  }
}

async function readInto(
  totals: ReportedTotals,
  handle: FileHandle,
  onBadLine: (number: number, line: BadLine) => void,
): Promise<void> {
  if (!(await handle.stat()).isFile()) return onBadLine(1, totals.countBadLine(bad(NO_FILE)));
  let number = 0;
  for await (const line of readLines(handle, { maxBytes: MAX_BYTES, maxLineBytes: MAX_LINE_BYTES })) {
    number += 1;
    if (line?.trim() === '') continue;
    const problem = line === null ? totals.countBadLine(bad(NO_LINE)) : totals.add(line);
    if (problem !== null) onBadLine(number, problem);
  }
}
