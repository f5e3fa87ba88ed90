import { dirname } from 'node:path';
import type { SQLInputValue } from 'node:sqlite';
import type { Run } from '../glossary/run.ts';
import { isObject, parsedJson } from '../json.ts';
import type { Database } from './database.ts';
import { readOwnerNote } from './holder.ts';
import { isModuleState } from './module-state.ts';
import { readAnomalies } from './read-anomalies.ts';
import { lookAtPerformance } from './read-performance.ts';
import { allRolledUp, isRolledUp, ROLLED_UP } from './rollups.ts';
import { recordOf } from './run-record.ts';

/** A row whose text is not what we put there, and what makes it right. */
export interface Mend {
  /** What will have been done, in words, the same for all of a kind. */
  done: string;
  table: string;
  key: SQLInputValue;
  /** What the row holds now. */
  text: string;
  sql: string;
  parameters: SQLInputValue[];
}

interface Row {
  key: string | number;
  text: string;
}

interface NumberedRow extends Row {
  key: number;
}

/** Runs are there again where `performance.json` shows them; what nothing shows any more is removed. */
export function brokenRuns(database: Database): Mend[] {
  const rows = rowsOf<NumberedRow & { id: string; module: string }>(
    database,
    'SELECT seq AS key, id, module, record AS text FROM runs',
  );
  const broken = rows.filter(({ text, id, module }) => !isRun(parsedJson(text), id, module)).toArray();
  const shown = broken.length === 0 ? new Map<string, Run>() : shownRuns(database);
  return broken.map(row => {
    const run = shown.get(row.id);
    if (run?.module !== row.module) return removal('runs', 'seq', row, 'run removed');
    return {
      ...replacement('runs', 'record', 'seq', row, recordOf(run), 'run taken from performance.json'),
      sql: 'UPDATE runs SET record = ?, startedMs = ? WHERE seq = ?', // what was read of a damaged record counts no longer
      parameters: [recordOf(run), Date.parse(run.startedAt), row.key],
    };
  });
}

/** The events of the store are the lines of the log, in their order. */
export function brokenEvents(database: Database): Mend[] {
  const rows = rowsOf<NumberedRow & { event: string; timeMs: number }>(
    database,
    'SELECT seq AS key, line AS text, event, timeMs FROM events',
  );
  const numbered = rows.map((row, index) => ({ ...row, index }));
  const broken = numbered.filter(({ text }) => !isObject(parsedJson(text))).toArray();
  const lines = broken.length === 0 ? [] : readAnomalies(dirname(database.path));
  return broken.map(row => {
    const line = lines[row.index];
    const isIt = line?.event.event === row.event && Date.parse(line.event.time) === row.timeMs;
    if (line === undefined || !isIt) return removal('events', 'seq', row, 'event removed');
    return replacement('events', 'line', 'seq', row, line.line, 'event taken from anomalies.log');
  });
}

/** What is only remembered: it is found out again, or was of use for a moment. */
export function brokenNotes(database: Database): Mend[] {
  const facts = database.all<Row>('SELECT key, value AS text FROM facts');
  const begun = database.all<Row>('SELECT id AS key, record AS text FROM begun');
  const owner = database.all<Row>('SELECT one AS key, record AS text FROM owner');
  const baselines = database.all<Row & { metric: string }>(
    'SELECT module AS key, metric, record AS text FROM baselines',
  );
  return [
    ...baselines.filter(({ text }) => !isObject(parsedJson(text))).map(brokenBaseline),
    ...facts.filter(isBrokenFact).map(row => brokenFact(database, row)),
    ...begun
      .filter(({ text }) => !isObject(parsedJson(text)))
      .map(row => removal('begun', 'id', row, 'run that had only begun removed')),
    ...owner.filter(({ text }) => !isObject(parsedJson(text))).flatMap(row => ownerAgain(database, row)),
  ];
}

function isBrokenFact({ key, text }: Row): boolean {
  const value = parsedJson(text);
  return value === undefined || (key === ROLLED_UP && !isRolledUp(value));
}

/** Without its note all that is there would be rolled up a second time: rather is that of the last minute left out. */
function brokenFact(database: Database, row: Row): Mend {
  if (row.key !== ROLLED_UP) return removal('facts', 'key', row, 'note removed');
  const reached = JSON.stringify(allRolledUp(database));
  return replacement('facts', 'value', 'key', row, reached, 'note of the roll-ups made again');
}

/** Whoever set it can set it again. */
function brokenBaseline({ key, metric, text }: Row & { metric: string }): Mend {
  const sql = 'DELETE FROM baselines WHERE module = ? AND metric = ?';
  return { done: 'fixed baseline removed', table: 'baselines', key, text, sql, parameters: [key, metric] };
}

/** States of modules, by the modules' names. To be made again by judging the modules' runs. */
export function brokenStates(database: Database): Row[] {
  const rows = database.all<Row>('SELECT name AS key, state AS text FROM modules');
  return rows.filter(({ text }) => !isModuleState(parsedJson(text)));
}

/** Ours stands in its note as well. Another one's is removed only before we claim the workspace: by then it is judged. */
function ownerAgain(database: Database, row: Row): Mend[] {
  const note = readOwnerNote(dirname(database.path));
  if (database.nonce === null) return [removal('owner', 'one', row, 'past owner removed')];
  if (note?.nonce !== database.nonce) return [];
  const done = 'owner taken from its note';
  return [replacement('owner', 'record', 'one', row, JSON.stringify(note), done)];
}

/** All rows of a table that has `seq`, some at a time. */
function* rowsOf<R extends NumberedRow>(database: Database, sql: string): Generator<R> {
  for (let after = 0; ; ) {
    const page = database.all<R>(`${sql} WHERE seq > ? ORDER BY seq LIMIT 1000`, after);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.key;
  }
}

function shownRuns(database: Database): Map<string, Run> {
  const shown = lookAtPerformance(dirname(database.path));
  if (shown === null || 'problem' in shown) return new Map();
  const runs = Object.values(shown.modules).flatMap(module => module.runs);
  return new Map(runs.map(run => [run.id, run]));
}

function isRun(value: unknown, id: string, module: string): boolean {
  return isObject(value) && value['id'] === id && value['module'] === module;
}

function removal(table: string, column: string, { key, text }: Row, done: string): Mend {
  return { done, table, key, text, sql: `DELETE FROM ${table} WHERE ${column} = ?`, parameters: [key] };
}

function replacement(
  table: string,
  target: string,
  column: string,
  { key, text }: Row,
  value: string,
  done: string,
): Mend {
  const sql = `UPDATE ${table} SET ${target} = ? WHERE ${column} = ?`;
  return { done, table, key, text, sql, parameters: [value, key] };
}
