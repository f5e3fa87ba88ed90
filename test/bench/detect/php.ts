import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * PHP's daily benchmark of one fixed commit: nothing in the code changes, so that an alarm is false, or tells of the machine. One series
 * a test, cut where the kind of machine changes.
 *
 * Source: php/real-time-benchmark-data.
 */
export function phpSeries(folder: string): number[][] {
  const text = gunzipSync(readFileSync(join(folder, 'php_fixed_commit.csv.gz'))).toString();
  const rows = text
    .trim()
    .split('\n')
    .slice(1)
    .map(line => line.split(','));
  const series: number[][] = [];
  for (const ofTest of Map.groupBy(rows, ([, , test]) => test).values()) {
    let before: string | undefined;
    for (const [, instance, , seconds] of ofTest) {
      if (instance !== before) series.push([]);
      series.at(-1)?.push(Number(seconds));
      before = instance;
    }
  }
  return series;
}

/** So many runs are known before a shift is put in, and so many come after it. */
const BEFORE = 40;
const AFTER = 20;
const EVERY = 30;

/** The series with a shift of so many percent, put in at one place after the other. */
export function injected(series: readonly number[][], percent: number): { values: number[]; at: number }[] {
  return series.flatMap(values => {
    const places = Math.max(0, Math.ceil((values.length - AFTER - BEFORE) / EVERY));
    return Array.from({ length: places }, (_, place) => {
      const at = BEFORE + place * EVERY;
      return { at, values: values.map((value, index) => (index < at ? value : value * (1 + percent / 100))) };
    });
  });
}
