/**
 * The public data sets that detection is measured with, read from a folder that holds them; none of them is part of this project.
 *
 * | file | what | from |
 * |---|---|---|
 * | `nab/GROUP/NAME.csv.gz`, `nab/windows.json` | metrics of servers, roads and advertising, with labelled windows | numenta/NAB, MIT |
 * | `tcpd.json` | short series, each with the change points that several people marked | alan-turing-institute/TCPD, MIT |
 * | `php_fixed_commit.csv.gz` | the daily benchmark of one commit of PHP: nothing changes but the machine | php/real-time-benchmark-data |
 * | `tigerbeetle.json` | a year of daily benchmark results | apache/otava, Apache-2.0 |
 *
 * A file that is missing or not as described ends the benchmark with its name.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { momentOf } from '../../../src/series/moment.ts';
import type { Annotations } from './tcpd.ts';

/** A series of the Numenta Anomaly Benchmark. */
export interface LabelledSeries {
  /** The folder that it is in: `realTraffic`. */
  group: string;
  /** `speed_7578.csv` */
  name: string;
  timesMs: (number | null)[];
  values: number[];
  /** First and last index of each labelled window, in order. */
  windows: [first: number, last: number][];
}

/** A series of the Turing Change Point Dataset. */
export interface AnnotatedSeries {
  name: string;
  /** Null where none was observed. */
  values: (number | null)[];
  annotations: Annotations;
}

export interface PhpSeries {
  /** The test and the kind of machine. */
  name: string;
  /** Mean seconds, one a day. */
  values: number[];
}

/** The series of the Numenta Anomaly Benchmark that are listed in its windows, in that order. */
export function nabSeries(folder: string): LabelledSeries[] {
  const windows: Record<string, [string, string][]> = JSON.parse(read(join(folder, 'nab', 'windows.json')));
  return Object.entries(windows).map(([path, labelled]) => labelledSeries(folder, path, labelled));
}

/** The series of the Turing Change Point Dataset. */
export function tcpdSeries(folder: string): AnnotatedSeries[] {
  const sets: Record<string, { values: (number | null)[]; annotations: Record<string, number[]> }> =
    JSON.parse(read(join(folder, 'tcpd.json')));
  return Object.entries(sets).map(([name, { values, annotations }]) => ({
    name,
    values,
    annotations: Object.values(annotations),
  }));
}

/** One series a test of PHP's benchmark, cut where the kind of machine changes. */
export function phpSeries(folder: string): PhpSeries[] {
  const series: PhpSeries[] = [];
  const current = new Map<string, { instance: string; series: PhpSeries }>();
  for (const [, instance = '', test = '', seconds] of rowsOf(join(folder, 'php_fixed_commit.csv.gz'))) {
    let open = current.get(test);
    if (open?.instance !== instance) {
      open = { instance, series: { name: `${test} on ${instance}`, values: [] } };
      current.set(test, open);
      series.push(open.series);
    }
    open.series.values.push(Number(seconds));
  }
  return series;
}

/** Whether the folder holds the data sets. */
export function isDataFolder(folder: string): boolean {
  try {
    return readdirSync(folder).includes('nab');
  } catch {
    return false; // not there
  }
}

/** The results of TigerBeetle's benchmark, one a day. */
export function tigerBeetle(folder: string): number[] {
  return JSON.parse(read(join(folder, 'tigerbeetle.json')));
}

function labelledSeries(folder: string, path: string, labelled: [string, string][]): LabelledSeries {
  const rows = rowsOf(join(folder, 'nab', `${path}.gz`));
  const [group = '', name = ''] = path.split('/');
  const timesMs = rows.map(([time]) => momentOf(time ?? null));
  const place = (time: string): number => {
    const index = timesMs.indexOf(momentOf(time.slice(0, 19))); // without its fraction, which is always 0
    if (index < 0) throw new Error(`${path} has no row at ${time}, where a window begins or ends`);
    return index;
  };
  return {
    ...{ group, name, timesMs },
    values: rows.map(([, value]) => Number(value)),
    windows: labelled.map(([first, last]) => [place(first), place(last)]),
  };
}

/** The cells of a CSV without quotes, without its head. */
function rowsOf(path: string): string[][] {
  const [, ...lines] = read(path).trim().split('\n');
  return lines.map(line => line.trim().split(','));
}

/** The text of a file, unpacked where its name ends in `.gz`. */
function read(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
}
