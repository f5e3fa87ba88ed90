import { join } from 'node:path';
import type { AnomalyEvent, EventFacts, LogEvent } from '../glossary/event.ts';
import { parsedJson } from '../json.ts';
import { ANOMALIES_FILE } from './anomalies.ts';
import { eventSchema } from './performance-schema.ts';
import { readRegularFile } from './read-file.ts';

const MAX_LOG_BYTES = 256e6;

type LoggedEvent = EventFacts & { event: LogEvent['event'] };

/** A line of `anomalies.log`: the facts of its event, and its exact text. */
export interface LogLine {
  event: LoggedEvent;
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
  const event = eventSchema.safeParse(parsedJson(line));
  return event.success ? [{ event: event.data, line }] : [];
}

export function isOfIncident(event: LoggedEvent): event is LoggedEvent & Pick<AnomalyEvent, 'event'> {
  return event.event !== 'change';
}
