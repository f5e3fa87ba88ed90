import type { KeptBaseline } from '../baseline/kept.ts';
import type { HistoryReader } from '../history-reader.ts';
import { isObject } from '../json.ts';
import type { Database } from './database.ts';
import { parseRecord } from './database-errors.ts';

export type BaselineRecords = Pick<HistoryReader, 'baselines' | 'baseline'>;

/** What `set-baseline` does beside a running supervisor. */
export interface BaselineWrites {
  /** Replaces those of the same module and metric. */
  setBaselines(baselines: readonly KeptBaseline[]): void;
  /** @param metric null: all of the module. @returns how many there were */
  removeBaselines(module: string, metric: string | null): number;
}

export function baselineRecords(database: Database): BaselineRecords {
  const read = ({ record }: { record: string }): KeptBaseline =>
    parseRecord<KeptBaseline>(database.path, record);
  return {
    baselines: () =>
      database.all<{ record: string }>('SELECT record FROM baselines ORDER BY module, metric').map(read),
    baseline(module, metric) {
      const sql = 'SELECT record FROM baselines WHERE module = ? AND metric = ?';
      const row = database.one<{ record: string }>(sql, module, metric);
      return row === null ? null : read(row);
    },
  };
}

/** Of a baseline as a store holds it, which may be of somebody else's hand; null where it has none. */
export function meanOf(baseline: unknown): number | null {
  const mean = isObject(baseline) ? baseline['mean'] : null;
  return typeof mean === 'number' && Number.isFinite(mean) ? mean : null;
}

/**
 * Without the fence: nothing of what the supervisor writes depends on it, and SQLite lets one write at a time.
 *
 * @param transaction does all of an action or nothing
 */
export function baselineWrites(database: Database, transaction: <T>(action: () => T) => T): BaselineWrites {
  return {
    setBaselines: baselines =>
      transaction(() => {
        const put = 'INSERT OR REPLACE INTO baselines (module, metric, record) VALUES (?, ?, ?)';
        for (const baseline of baselines)
          database.run(put, baseline.module, baseline.metric, JSON.stringify(baseline));
      }),
    removeBaselines: (module, metric) =>
      transaction(() =>
        database.run(
          'DELETE FROM baselines WHERE module = ?1 AND (?2 IS NULL OR metric = ?2)',
          module,
          metric,
        ),
      ),
  };
}
