import { join } from 'node:path';
import type { AnomalyEvent } from '../types.ts';
import { ANOMALIES_FILE } from './anomalies.ts';
import { eventSchema } from './performance-schema.ts';
import { readRegularFile } from './read-file.ts';

const MAX_LOG_BYTES = 256e6;

/** A line of `anomalies.log`: its event, and its exact text. */
export interface LogLine {
  event: AnomalyEvent;
  line: string;
}

/** The lines of `anomalies.log` that are events. A file with others will be found to differ, and be set aside. */
export function readAnomalies(dataFolder: string): LogLine[] {
  const read = readRegularFile(join(dataFolder, ANOMALIES_FILE), MAX_LOG_BYTES);
  return read === null || 'problem' in read ? [] : [...linesOf(read.content)].flatMap(eventOf);
}

function* linesOf(content: Buffer): Iterable<string> {
  for (let start = 0; start < content.length; ) {
    const found = content.indexOf('\n', start);
    const end = found === -1 ? content.length : found;
    yield content.toString('utf8', start, end);
    start = end + 1;
  }
}

function eventOf(line: string): LogLine[] {
  try {
    const event = eventSchema.safeParse(JSON.parse(line));
    return event.success ? [{ event: event.data, line }] : [];
  } catch {
    return []; // no JSON: not one of our lines
  }
}
