import type { KeptBaseline } from '../baseline/kept.ts';
import type { Database } from './database.ts';
import { parseRecord } from './database-errors.ts';

export interface BaselineRecords {
  /** By module and metric. */
  baselines(): KeptBaseline[];
  /** Null where none was set. */
  baseline(module: string, metric: string): KeptBaseline | null;
}

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

/** Without the fence: nothing of what the supervisor writes depends on it, and SQLite lets one write at a time. */
export function baselineWrites(database: Database): BaselineWrites {
  return {
    setBaselines: baselines =>
      database.exclusively(() => {
        const put = 'INSERT OR REPLACE INTO baselines (module, metric, record) VALUES (?, ?, ?)';
        for (const baseline of baselines)
          database.run(put, baseline.module, baseline.metric, JSON.stringify(baseline));
      }),
    removeBaselines: (module, metric) =>
      database.exclusively(() =>
        database.run(
          'DELETE FROM baselines WHERE module = ?1 AND (?2 IS NULL OR metric = ?2)',
          module,
          metric,
        ),
      ),
  };
}
