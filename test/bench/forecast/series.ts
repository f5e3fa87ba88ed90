import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bucketed } from '../../../src/forecast/buckets.ts';
import { nabSeries, tcpdSeries, tigerBeetle } from '../detect/series.ts';

/** A real series that is forecast from several places. */
export interface BenchSeries {
  set: string;
  name: string;
  values: number[];
  /** How far ahead. */
  steps: number;
  /** Periods that the calendar suggests, in values. */
  naturalPeriods: number[];
}

const DAY_MS = 86_400_000;
const FEWEST = 50;
/** Steps ahead where there are no times. */
const STEPS = 12;
/** A month of trading days. */
const MONTH = 21;

/**
 * The real series of the data sets that detection is measured with (see `../detect/series.ts`), and two more:
 *
 * | file | what | from |
 * |---|---|---|
 * | `treeherder/NAME.json.gz` | results of Firefox performance tests | mozilla/treeherder, MPL-2.0 |
 * | `../sp500-daily-2000-2020.csv` | a stock index by day, which nobody forecasts better than by its last value; left out where it is missing | vega-datasets, BSD-3-Clause |
 *
 * Those with times are brought to an even grid and forecast a day ahead, the others 12 values.
 */
export function benchSeries(folder: string): BenchSeries[] {
  return [...timed(folder), ...treeherder(folder), ...daily(folder), ...annotated(folder), ...stocks(folder)];
}

function timed(folder: string): BenchSeries[] {
  return nabSeries(folder)
    .filter(({ group }) => group.startsWith('real'))
    .flatMap(({ group, name, timesMs, values }) => {
      const times = timesMs.map(time => time ?? Number.NaN);
      const grid = bucketed(times, values, { aheadMs: DAY_MS, how: 'mean' });
      if (grid === null) return [];
      const { steps, naturalPeriods } = grid;
      return [{ set: group, name, values: grid.values, steps, naturalPeriods }];
    });
}

function treeherder(folder: string): BenchSeries[] {
  return readdirSync(join(folder, 'treeherder')).map(name => {
    const text = gunzipSync(readFileSync(join(folder, 'treeherder', name))).toString();
    const { test_runs }: { test_runs: number[][] } = JSON.parse(text);
    const values = test_runs.map(run => run[3] ?? Number.NaN);
    return { set: 'treeherder', name, values, steps: STEPS, naturalPeriods: [] };
  });
}

function daily(folder: string): BenchSeries[] {
  const values = tigerBeetle(folder);
  return [{ set: 'tigerbeetle', name: 'tigerbeetle', values, steps: STEPS, naturalPeriods: [7] }];
}

function annotated(folder: string): BenchSeries[] {
  return tcpdSeries(folder)
    .map(({ name, values }) => ({ name, values: values.filter(value => value !== null) }))
    .filter(({ values }) => values.length >= FEWEST)
    .map(({ name, values }) => ({ set: 'tcpd', name, values, steps: STEPS, naturalPeriods: [] }));
}

function stocks(folder: string): BenchSeries[] {
  const path = join(folder, '..', 'sp500-daily-2000-2020.csv');
  if (!existsSync(path)) return [];
  const [, ...rows] = readFileSync(path, 'utf8').trim().split('\n');
  const values = rows.map(row => Number(row.split(',')[4]));
  return [{ set: 'sp500', name: 'close', values, steps: MONTH, naturalPeriods: [] }];
}
