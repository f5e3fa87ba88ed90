import { FIRST_START } from './adopt.ts';
import { writeFileAtomic } from './atomic.ts';
import { brokenEvents, brokenNotes, brokenRuns, brokenStates, type Mend } from './broken-records.ts';
import type { Database } from './database.ts';
import { putFact } from './facts.ts';
import { type Judge, judgeAll } from './judge-all.ts';
import { setState } from './module-state.ts';
import { allRolledUp, ROLLED_UP, type RolledUp, rolledUp } from './rollups.ts';
import { runOfRecord } from './run-record.ts';
import { asideName } from './set-aside.ts';

/** From so many of its newest runs a module's state is made again. */
const JUDGED_RUNS = 1_000;

/**
 * Mends the rows of a store whose text is no longer what was put there, while the database around them is whole: as a fresh
 * store it would lose far more. What the rows held is kept in a file beside the store.
 *
 * Cost: all rows are read.
 *
 * @param judge makes the state of a module again; null: damaged states are left for later
 * @returns a message for the user; null where nothing is damaged
 * @throws WatchkeeperError 'store', 'file'; then nothing has changed
 */
export function mendRecords(database: Database, judge: Judge | null, nowMs: number): string | null {
  const mends = [...brokenRuns(database), ...brokenEvents(database), ...brokenNotes(database)];
  const states = judge === null ? [] : brokenStates(database);
  if (mends.length + states.length === 0) return null;
  const done = [...mends, ...states.map(row => ({ ...row, table: 'modules', done: STATE_DONE }))];
  const kept = keep(database.path, done, nowMs);
  const act = (): void => {
    for (const { sql, parameters } of mends) database.run(sql, ...parameters);
    if (mends.some(({ table }) => table === 'runs')) numberAgain(database);
    if (mends.some(({ key }) => key === FIRST_START)) database.run(FIRST_START_AGAIN, FIRST_START);
    for (const { key } of states) if (judge !== null) judgeAgain(database, String(key), judge);
  };
  if (database.nonce === null) database.exclusively(act);
  else database.write(act);
  return `${done.length} damaged record(s) of the store mended (${summaryOf(done)}): what they held is in ${kept}`;
}

/** The oldest run is not the first one where the history was taken over, but nothing older is known. */
const FIRST_START_AGAIN = `
  INSERT INTO facts (key, value)
  SELECT ?, CAST(CAST(round(1000 * unixepoch(json_extract(record, '$.startedAt'), 'subsec')) AS INTEGER) AS TEXT)
  FROM runs ORDER BY seq LIMIT 1`;

/** Where the newest run was removed, the next one gets its number: whoever remembers that number must not take it for known. */
function numberAgain(database: Database): void {
  database.run(
    'UPDATE modules SET lastSeq = max(1, coalesce((SELECT max(seq) FROM runs WHERE module = name), 0)) WHERE lastSeq > 0',
  );
  const [reached, newest] = [rolledUp(database), allRolledUp(database).run];
  if (reached.run > newest) putFact(database, ROLLED_UP, { ...reached, run: newest } satisfies RolledUp);
}

const STATE_DONE = "module's baselines learned again from its runs";

type Done = Pick<Mend, 'done' | 'table' | 'key' | 'text'>;

function keep(path: string, done: Done[], nowMs: number): string {
  const kept = asideName(`${path}.records`, nowMs);
  const lines = done.map(({ table, key, text }) => `${JSON.stringify({ table, key, text })}\n`);
  writeFileAtomic(kept, lines, nowMs);
  return kept;
}

function summaryOf(done: Done[]): string {
  const kinds = Map.groupBy(done, each => each.done);
  return [...kinds].map(([what, { length }]) => `${length} x ${what}`).join(', ');
}

function judgeAgain(database: Database, module: string, judge: Judge): void {
  const newest = 'SELECT record FROM runs WHERE module = ? ORDER BY seq DESC LIMIT ?';
  const rows = database.all<{ record: string }>(newest, module, JUDGED_RUNS).reverse();
  const runs = rows.map(({ record }) => runOfRecord(database.path, record));
  setState(database, module, judgeAll(runs, judge).state);
}
