import type { SeriesName } from '../glossary/history.ts';
import type { HistoryReader } from '../history-reader.ts';
import { isObject, parsedJson } from '../json.ts';
import { labelsKey } from '../labels.ts';
import type { Database } from './database.ts';
import { pendingMetrics } from './pending.ts';
import { OUTCOME_SIGN } from './series.ts';

export type SeriesRecords = Pick<HistoryReader, 'seriesNames'>;

interface SeriesRow {
  source: string;
  metric: string;
  labels: string;
}

export function seriesRecords(database: Database): SeriesRecords {
  const sql =
    'SELECT source, metric, labels FROM series WHERE ?1 IS NULL OR source = ?1 ORDER BY source, metric, labels';
  return {
    seriesNames(source = null) {
      const kept = database.all<SeriesRow>(sql, source);
      const known = new Map(kept.map(row => [keyOf(row), row]));
      for (const { labels, ...name } of pendingMetrics(database, source)) {
        const row = { ...name, labels: labelsKey(labels) };
        known.set(keyOf(row), row);
      }
      const rows = known.size === kept.length ? kept : [...known.values()].sort(byKey);
      return rows.filter(({ metric }) => !metric.startsWith(OUTCOME_SIGN)).flatMap(toName);
    },
  };
}

const keyOf = ({ source, metric, labels }: SeriesRow): string => `${source}\n${metric}\n${labels}`;
const byKey = (a: SeriesRow, b: SeriesRow): number => (keyOf(a) < keyOf(b) ? -1 : 1);

/** A damaged one has no name that anybody could ask for. */
function toName(row: SeriesRow): SeriesName[] {
  const labels = parsedJson(row.labels);
  return isObject(labels) ? [{ ...row, labels: labels as Record<string, string> }] : [];
}
