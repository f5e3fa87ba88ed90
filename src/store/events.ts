import type { AnomalyEvent, ChangeEvent, LogEvent } from '../glossary/event.ts';
import type { Incident } from '../glossary/judgement.ts';
import type { HistoryReader } from '../history-reader.ts';
import type { Database } from './database.ts';
import { parseRecord } from './database-errors.ts';

/** An event as it stands in `anomalies.log`: `line` is its exact text, without the line break. */
interface StoredEvent {
  seq: number;
  line: string;
  event: LogEvent;
}

/** The text of a line and what is looked for by. */
export interface EventLine {
  time: string;
  event: string;
  line: string;
}

export interface EventRecords extends Pick<HistoryReader, 'eventsSince' | 'changes'> {
  /** Events in their order, those after the sequence number `seq` (0: from the first one on). */
  eventsAfter(seq: number, limit?: number): StoredEvent[];
  /** The texts alone, for the log: nothing is parsed. */
  linesAfter(seq: number, limit: number): { seq: number; line: string }[];
  /** The sequence number of the newest event; 0 where there is none. */
  newestEvent(): number;
  /** The lines of an incident, in their order. */
  eventsOf(incident: Pick<Incident, 'id' | 'openedAt' | 'endedAt'>): AnomalyEvent[];
  /** How many anomalies (not: ends of incidents) there were at or after a moment. */
  anomaliesSince(sinceMs: number): number;
}

/** A plus before `seq` lets SQLite find the moment by its index; without it all events since the first one are gone through. */
export function eventRecords(database: Database): EventRecords {
  const linesAfter = (seq: number, limit: number): { seq: number; line: string }[] =>
    database.all('SELECT seq, line FROM events WHERE seq > ? ORDER BY seq LIMIT ?', seq, limit);
  return {
    eventsAfter: (seq, limit = -1) =>
      linesAfter(seq, limit).map(row => ({
        ...row,
        event: parseRecord<LogEvent>(database.path, row.line),
      })),
    eventsSince: sinceMs =>
      database
        .all<{ line: string }>('SELECT line FROM events WHERE timeMs >= ? ORDER BY +seq', Math.floor(sinceMs))
        .map(({ line }) => parseRecord<LogEvent>(database.path, line)),
    linesAfter,
    newestEvent: () =>
      database.one<{ newest: number | null }>('SELECT max(seq) AS newest FROM events')?.newest ?? 0,
    changes: (sinceMs = 0, limit = 100) =>
      database
        .all<{ line: string }>(
          `SELECT line FROM events WHERE timeMs >= ? AND event = 'change' ORDER BY ${sinceMs > 0 ? '+' : ''}seq DESC LIMIT ?`,
          Math.floor(sinceMs),
          limit,
        )
        .map(({ line }) => parseRecord<ChangeEvent>(database.path, line)),
    eventsOf: ({ id, openedAt, endedAt }) =>
      database
        .all<{ line: string }>(
          'SELECT line FROM events WHERE timeMs BETWEEN ? AND ? AND instr(line, ?) > 0 ORDER BY +seq',
          Date.parse(openedAt),
          endedAt === null ? Number.MAX_SAFE_INTEGER : Date.parse(endedAt),
          id,
        )
        .map(({ line }) => parseRecord<AnomalyEvent>(database.path, line))
        .filter(({ incident }) => incident === id),
    anomaliesSince: sinceMs =>
      database.one<{ count: number }>(
        "SELECT count(*) AS count FROM events WHERE timeMs >= ? AND event = 'anomaly'",
        Math.floor(sinceMs),
      )?.count ?? 0,
  };
}

/** Inside a transaction. The sequence grows by one with each event and is never used again. */
export function appendEvents(database: Database, events: EventLine[]): void {
  for (const { time, event, line } of events) {
    database.run('INSERT INTO events (timeMs, event, line) VALUES (?, ?, ?)', Date.parse(time), event, line);
  }
}
