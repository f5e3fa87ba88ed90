import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { nabScore, nabScoreAt } from './nab.ts';

/** One file of the benchmark. */
export interface NabFile {
  /** As in the list of windows: `realTweets/Twitter_volume_AAPL.csv`. */
  name: string;
  group: string;
  times: number[];
  values: number[];
  windows: [first: number, last: number][];
}

/** Reads `windows.json` and the series that it names, `GROUP/NAME.csv.gz` with the columns time and value, from a folder. */
export function readNab(folder: string): NabFile[] {
  const labelled = JSON.parse(readFileSync(join(folder, 'windows.json'), 'utf8')) as Record<
    string,
    [string, string][]
  >;
  const groups = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory());
  return groups.flatMap(({ name: group }) =>
    readdirSync(join(folder, group)).map(file => {
      const name = `${group}/${file.replace(/\.gz$/, '')}`;
      return fileOf(name, group, readFileSync(join(folder, group, file)), labelled[name] ?? []);
    }),
  );
}

function fileOf(name: string, group: string, packed: Buffer, labelled: [string, string][]): NabFile {
  const rows = gunzipSync(packed).toString().trim().split('\n').slice(1);
  const cells = rows.map(row => row.split(','));
  const times = cells.map(([time = '']) => timeOf(time));
  return {
    name,
    group,
    times,
    values: cells.map(([, value]) => Number(value)),
    windows: labelled.map(([first, last]) => [times.indexOf(timeOf(first)), times.indexOf(timeOf(last))]),
  };
}

/** `2014-04-10 07:15:00`, with or without a fraction. */
function timeOf(text: string): number {
  return Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);
}

export interface NabReport {
  score: number;
  threshold: number;
  /** At the threshold of all. */
  groups: { group: string; score: number; windows: number }[];
  /** With the threshold of all the other groups for each: what a group that nobody has seen would get. */
  leftOut: number;
  microsecondsPerValue: number;
}

/** Scores every file by a scorer that begins anew for each. */
export function scoreNab(
  files: readonly NabFile[],
  begin: () => (value: number, timeMs: number) => number | null,
): NabReport {
  const start = process.hrtime.bigint();
  const scored = files.map(({ group, times, values, windows }) => {
    const next = begin();
    return { group, windows, scores: values.map((value, index) => next(value, times[index] ?? 0)) };
  });
  const nanoseconds = Number(process.hrtime.bigint() - start);
  const { score, threshold } = nabScore(scored);
  const groups = [...new Set(scored.map(({ group }) => group))].map(group => {
    const own = scored.filter(each => each.group === group);
    const others = nabScore(scored.filter(each => each.group !== group));
    const windows = own.reduce((sum, each) => sum + each.windows.length, 0);
    return { group, windows, score: nabScoreAt(own, threshold), blind: nabScoreAt(own, others.threshold) };
  });
  const all = groups.reduce((sum, { windows }) => sum + windows, 0);
  return {
    score,
    threshold,
    groups: groups.map(({ group, score: own, windows }) => ({ group, score: own, windows })),
    leftOut: groups.reduce((sum, { blind, windows }) => sum + blind * windows, 0) / all,
    microsecondsPerValue: nanoseconds / 1000 / files.reduce((sum, { values }) => sum + values.length, 0),
  };
}
