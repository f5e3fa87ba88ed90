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
import type { Annotations } from './tcpd.ts';

export interface NabFile {
  /** As in `windows.json`: `realTraffic/speed_7578.csv`. */
  name: string;
  timesMs: number[];
  values: number[];
  /** First and last index of each labelled window, in order. */
  windows: [first: number, last: number][];
}

export interface TcpdSeries {
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

/** The series of the Numenta Anomaly Benchmark, by group and name. */
export function nabFiles(folder: string): NabFile[] {
  const root = join(folder, 'nab');
  const labels: Record<string, [string, string][]> = JSON.parse(read(join(root, 'windows.json')));
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return names
    .filter(name => name.endsWith('.csv.gz'))
    .sort()
    .map(name => nabFile(join(root, name), name.slice(0, -'.gz'.length), labels));
}

/** The series of the Turing Change Point Dataset. */
export function tcpdSeries(folder: string): TcpdSeries[] {
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

/** The results of TigerBeetle's benchmark, one a day. */
export function tigerBeetle(folder: string): number[] {
  return JSON.parse(read(join(folder, 'tigerbeetle.json')));
}

function nabFile(path: string, name: string, labels: Record<string, [string, string][]>): NabFile {
  const rows = rowsOf(path);
  const timesMs = rows.map(([time = '']) => momentOf(time));
  const windows = (labels[name] ?? []).map(([first, last]): [number, number] => [
    placeOf(timesMs, first, name),
    placeOf(timesMs, last, name),
  ]);
  return { name, timesMs, values: rows.map(([, value]) => Number(value)), windows };
}

function placeOf(timesMs: readonly number[], time: string, name: string): number {
  const place = timesMs.indexOf(momentOf(time));
  if (place < 0)
    throw new Error(`${name}: a labelled window begins or ends at ${time}, which is no row of it`);
  return place;
}

/** `2014-04-10 07:15:00.000000`, taken as UTC; the fraction is always 0. */
function momentOf(time: string): number {
  return Date.parse(`${time.slice(0, 19).replace(' ', 'T')}Z`);
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
