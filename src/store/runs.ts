import type { ChangeEvent } from '../glossary/event.ts';
import type { Judgement } from '../glossary/judgement.ts';
import type { ModuleCounts, Run, StartedRun } from '../glossary/run.ts';
import type { HistoryReader } from '../history-reader.ts';
import { roundedRun } from '../rounding.ts';
import type { Database } from './database.ts';
import { parseRecord } from './database-errors.ts';
import { appendEvents } from './events.ts';
import { forgetIncidents, upsertIncident } from './incidents.ts';
import { setState } from './module-state.ts';
import { recordOf, runOfRecord } from './run-record.ts';

export interface RunRecords extends Pick<HistoryReader, 'runs' | 'goodRuns'> {
  /** Survives a killed process, not a power failure: after one of those nothing of the run is left to be ended. */
  beginRun(run: StartedRun): void;
  /** Begun and never recorded: their supervisor was killed. */
  abandonedRuns(): StartedRun[];
  /**
   * The run, its counts, the state and the events of its judgement, its incidents, and changes that the rule does not see: one durable transaction. The run is
   * stored rounded (see `roundedRun`). A run whose id is there already is recorded once.
   */
  recordRun(run: Run, judgement: Judgement | null, changes?: ChangeEvent[]): void;
  /** Those of `runs` that were recorded after the run with this sequence number (see `newestRuns`). */
  runsAfter(module: string, seq: number, limit: number): Run[];
  /** Those of `goodRuns` that were recorded after the run with this id; null where there is none. */
  goodRunsAfter(module: string, id: string): Run[] | null;
  lastRun(): Run | null;
}

const COUNTED: Record<Run['outcome'], keyof ModuleCounts | null> = {
  ok: 'successCount',
  error: 'errorCount',
  timeout: 'errorCount',
  killed: 'errorCount',
  skipped: null,
};

/** What one run adds to the counts of its module. */
export function countsOf(run: Pick<Run, 'outcome' | 'attempt'>): ModuleCounts {
  const counts = { successCount: 0, errorCount: 0, restartCount: run.attempt > 1 ? 1 : 0 };
  const counted = COUNTED[run.outcome];
  if (counted !== null) counts[counted] = 1;
  return counts;
}

export function plus(a: ModuleCounts, b: ModuleCounts): ModuleCounts {
  return {
    successCount: a.successCount + b.successCount,
    errorCount: a.errorCount + b.errorCount,
    restartCount: a.restartCount + b.restartCount,
  };
}

export function runRecords(database: Database): RunRecords {
  const read = ([record]: [record: string]): Run => runOfRecord(database.path, record);
  const runsAfter = (module: string, seq: number, limit: number): Run[] =>
    database
      .tuples<[record: string]>(
        'SELECT record FROM runs WHERE module = ? AND seq > ? ORDER BY seq DESC LIMIT ?',
        ...[module, seq, limit],
      )
      .reverse()
      .map(read);
  // Found by their text, so that not every failed run is parsed; what is in a text of its own has other quotation marks.
  const goodRunsAfter = (module: string, seq: number, limit: number): Run[] =>
    database
      .tuples<[record: string]>(
        `SELECT record FROM runs WHERE module = ? AND seq > ? AND instr(record, '"outcome":"ok"') > 0
         ORDER BY seq DESC LIMIT ?`,
        ...[module, seq, limit],
      )
      .reverse()
      .map(read)
      .filter(({ outcome }) => outcome === 'ok');
  return {
    beginRun: run =>
      database.write(() => {
        database.run('INSERT OR REPLACE INTO begun (id, record) VALUES (?, ?)', run.id, JSON.stringify(run));
      }, 'process'),
    abandonedRuns: () =>
      database
        .all<{ record: string }>('SELECT record FROM begun ORDER BY rowid')
        .map(row => parseRecord<StartedRun>(database.path, row.record)),
    recordRun: (run, judgement, changes = []) =>
      database.write(() => {
        database.run('DELETE FROM begun WHERE id = ?', run.id);
        if (!insertRun(database, roundedRun(run))) return;
        addCounts(database, run.module, countsOf(run));
        if (judgement === null) return;
        setState(database, run.module, judgement.state);
        appendEvents(database, [...judgement.events, ...changes].map(toLine));
        for (const event of judgement.events) upsertIncident(database, event);
        forgetIncidents(database, run.module, judgement.state);
      }),
    runs: (module, limit) => runsAfter(module, 0, limit),
    runsAfter,
    goodRuns: (module, limit) => goodRunsAfter(module, 0, limit),
    goodRunsAfter(module, id) {
      const row = database.one<{ seq: number }>(
        'SELECT seq FROM runs WHERE id = ? AND module = ?',
        id,
        module,
      );
      return row === null ? null : goodRunsAfter(module, row.seq, -1);
    },
    lastRun: () => {
      const row = database.one<{ record: string }>('SELECT record FROM runs ORDER BY seq DESC LIMIT 1');
      return row === null ? null : read([row.record]);
    },
  };
}

function toLine<Event extends { time: string; event: string }>(event: Event) {
  return { time: event.time, event: event.event, line: JSON.stringify(event) };
}

/** Inside a transaction. @returns false where a run with this id is there already */
export function insertRun(database: Database, run: Run): boolean {
  const insert = 'INSERT OR IGNORE INTO runs (id, module, record, startedMs) VALUES (?, ?, ?, ?)';
  if (database.run(insert, run.id, run.module, recordOf(run), Date.parse(run.startedAt)) === 0) return false;
  database.run(
    `INSERT INTO modules (name, lastSeq) VALUES (?, last_insert_rowid())
     ON CONFLICT (name) DO UPDATE SET lastSeq = excluded.lastSeq`,
    run.module,
  );
  return true;
}

/** Inside a transaction. */
export function addCounts(database: Database, module: string, add: ModuleCounts): void {
  database.run(
    `INSERT INTO modules (name, successCount, errorCount, restartCount) VALUES (?, ?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET successCount = successCount + excluded.successCount,
       errorCount = errorCount + excluded.errorCount, restartCount = restartCount + excluded.restartCount`,
    module,
    add.successCount,
    add.errorCount,
    add.restartCount,
  );
}
