import type { Sample } from '../glossary/sample.ts';
import type { HistoryReader } from '../history-reader.ts';
import { labelsKey } from '../labels.ts';
import { isMeasurable } from '../stats/measurable.ts';
import type { Database } from './database.ts';
import { EVER } from './ever.ts';
import { type SeriesNumbers, seriesNumbers } from './series.ts';

export interface SampleRecords extends Pick<HistoryReader, 'samples'> {
  /**
   * One transaction. Survives a killed process, not a power failure: another sample comes soon. Samples of a series that is new and
   * one too many are passed over (see `MOST_SERIES`); a notice says so.
   */
  addSamples(samples: readonly Sample[]): void;
}

export function sampleRecords(database: Database, numbers: SeriesNumbers): SampleRecords {
  const add = ({ source, metric, labels, timeMs, value }: Sample): void => {
    const series = numbers.of(source, metric, labelsKey(labels));
    const insert = 'INSERT INTO samples (series, timeMs, value) VALUES (?, ?, ?)';
    if (series !== null) database.run(insert, series, Math.round(timeMs), value);
  };
  return {
    addSamples: samples => {
      if (samples.length > 0) numbers.write(() => samples.forEach(add));
    },
    samples(source, metric, labels, range) {
      const { sinceMs, untilMs, newest } = { ...EVER, ...range };
      const of = seriesNumbers(database, source, metric, labels).map(series =>
        database.all<{ timeMs: number; value: number }>(
          `SELECT timeMs, value FROM samples WHERE series = ? AND timeMs BETWEEN ? AND ? ORDER BY timeMs DESC LIMIT ?`,
          ...[series, sinceMs, untilMs, newest],
        ),
      );
      const measured = of.flat().filter(({ value }) => isMeasurable(value));
      const points = measured.map(row => ({ ...row, revision: null }));
      return points.sort((a, b) => a.timeMs - b.timeMs).slice(-newest);
    },
  };
}
