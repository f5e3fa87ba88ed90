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
    for (let hour = -4; hour <= 0; hour += 2) while (store.keepHouse(KEEPING, nowMs + hour * HOUR_MS));
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

test('used once a week, the store stops growing as well; a clock that is wrong in some of the lives costs nothing', t => {
  const { store, data } = aStore(t);
  const weeks = (count: number): number => count * 7 * DAY_MS;
  const keeping = { ...KEEPING, keepMs: weeks(10) };
  const live = (nowMs: number): Size['rows'] => {
    store.recordRun(aRun({ module: 'a', startedAt: iso(nowMs) }), null);
    const timeMs = nowMs;
    store.addSamples([{ timeMs, source: 'system', metric: 'load1', labels: {}, value: 1 }]);
    while (store.keepHouse(keeping, nowMs));
    return sizeOf(data).rows;
  };
  for (let week = 0; week < 30; week += 1) live(START_MS + weeks(week));
  const { runs, samples } = live(START_MS + weeks(30));
  assert.deepEqual({ runs, samples }, { runs: 10 + 5, samples: 5 });
  for (const [wrong, week] of [31, 32, 33].entries()) {
    const ahead = live(START_MS + weeks(week) + 400 * DAY_MS);
    assert.equal(ahead.runs, runs, `after ${wrong + 1} lives a year ahead`);
  }
  const back = live(START_MS + weeks(34));
  assert.equal(back.runs, runs + 1);
  for (let week = 35; week < 50; week += 1) live(START_MS + weeks(week));
  const last = sizeOf(data).rows;
  assert.ok(last.runs <= runs + 3 && last.samples === samples, JSON.stringify(last));
});
