import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { momentOf } from '../../../src/series/moment.ts';
import type { Annotations } from './tcpd.ts';

/** A series of the Numenta Anomaly Benchmark with its labelled windows. Source: numenta/NAB, MIT. */
export interface LabelledSeries {
  /** The folder that it is in. */
  group: string;
  name: string;
  timesMs: (number | null)[];
  values: number[];
  windows: [first: number, last: number][];
}

export function nabSeries(folder: string): LabelledSeries[] {
  const windows: Record<string, [string, string][]> = JSON.parse(
    readFileSync(join(folder, 'nab', 'windows.json'), 'utf8'),
  );
  return Object.entries(windows).map(([path, labelled]) => {
    const lines = gunzipSync(readFileSync(join(folder, 'nab', `${path}.gz`)))
      .toString()
      .trim()
      .split('\n')
      .slice(1)
      .map(line => line.split(','));
    const timesMs = lines.map(([time]) => momentOf(time ?? null));
    const place = (time: string): number => timesMs.indexOf(momentOf(time.slice(0, 19)));
    const [group = '', name = ''] = path.split('/');
    return {
      ...{ group, name, timesMs },
      values: lines.map(([, value]) => Number(value)),
      windows: labelled.map(([first, last]) => [place(first), place(last)]),
    };
  });
}

/** A series of the Turing Change Point Dataset. Source: alan-turing-institute/TCPD, MIT. */
export interface AnnotatedSeries {
  name: string;
  values: (number | null)[];
  annotations: Annotations;
}

export function tcpdSeries(folder: string): AnnotatedSeries[] {
  const file: Record<string, { values: (number | null)[]; annotations: Record<string, number[]> }> =
    JSON.parse(readFileSync(join(folder, 'tcpd.json'), 'utf8'));
  return Object.entries(file).map(([name, { values, annotations }]) => ({
    name,
    values,
    annotations: Object.values(annotations),
  }));
}

/** Whether the folder holds the data sets. */
export function isDataFolder(folder: string): boolean {
  try {
    return readdirSync(folder).includes('nab');
  } catch {
    return false; // not there
  }
}
