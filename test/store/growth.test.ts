import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { aRun, aStore, START_MS } from './fixtures.ts';

failOnLeaks();

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const KEEPING = { keepMs: 5 * DAY_MS, samplesMs: HOUR_MS, leastRuns: 3 };
const RUNS_A_DAY = 4;
const SAMPLES_AT_ONCE = 100;

const iso = (ms: number): string => new Date(ms).toISOString();

/** So many days of operation, each with some runs, some samples, and the upkeep beside them. */
function operated(store: ReturnType<typeof aStore>['store'], fromDay: number, days: number): void {
  for (let turn = fromDay * RUNS_A_DAY; turn < (fromDay + days) * RUNS_A_DAY; turn += 1) {
    const nowMs = START_MS + (turn * DAY_MS) / RUNS_A_DAY;
    const iteration = store.startIteration(iso(nowMs));
    store.recordRun(aRun({ module: 'a', iteration, startedAt: iso(nowMs), custom: customs(turn) }), null);
    store.finishIteration(iteration, { endedAt: iso(nowMs + 500), message: 'Performance OK', status: 'ok' });
    const value = (index: number): number => 10 + ((turn * index) % 7);
    store.addSamples(
      Array.from({ length: SAMPLES_AT_ONCE }, (_, index) => ({
        ...{ timeMs: nowMs + index, source: 'system', metric: 'cpuPercent', labels: {}, value: value(index) },
      })),
    );
    while (store.keepHouse(KEEPING, nowMs + 1_000));
  }
}

/** As much as makes a run's row half a page. */
const customs = (turn: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`metricNumber${index}`, turn + index / 3]));

interface Size {
  rows: { runs: number; samples: number; iterations: number };
  /** Of the whole file. */
  pages: number;
  /** Of the roll-ups, which are for ever. */
  rollups: number;
}

function sizeOf(data: string): Size {
  const database = new DatabaseSync(join(data, 'watchkeeper.db'), { readOnly: true });
  const number = (sql: string): number => Number(Object.values(database.prepare(sql).get() ?? {})[0]);
  try {
    return {
      rows: {
        runs: number('SELECT count(*) FROM runs'),
        samples: number('SELECT count(*) FROM samples'),
        iterations: number('SELECT count(*) FROM iterations'),
      },
      pages: number('PRAGMA page_count'),
      rollups: number("SELECT count(*) FROM dbstat WHERE name = 'rollups'"),
    };
  } finally {
    database.close();
  }
}

test('in operation for years the file grows by its roll-ups alone: the pages of what was removed are used again', t => {
  const { store, data } = aStore(t);
  operated(store, 0, 10);
  const first = sizeOf(data);
  operated(store, 10, 20);
  const last = sizeOf(data);
  const kept = (KEEPING.keepMs / DAY_MS) * RUNS_A_DAY;
  for (const { rows } of [first, last]) {
    assert.ok(rows.runs >= kept && rows.runs <= kept + 2, `${rows.runs} runs`);
    assert.ok(rows.iterations >= kept && rows.iterations <= kept + 2, `${rows.iterations} iterations`);
    assert.equal(rows.samples, SAMPLES_AT_ONCE);
  }
  const rest = ({ pages, rollups }: Size): number => pages - rollups;
  assert.ok(last.rollups > first.rollups);
  assert.ok(rest(last) <= 1.1 * rest(first), `${rest(first)} pages after 10 days, ${rest(last)} after 30`);
});
