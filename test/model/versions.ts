import { DatabaseSync } from 'node:sqlite';

/** Takes back what the second version of the store has added: what an older Watchkeeper has left. */
export function toFirstVersion(path: string): void {
  const database = new DatabaseSync(path);
  database.exec(`
    DROP INDEX runsByStart;
    ALTER TABLE runs DROP COLUMN startedMs;
    DROP TABLE series; DROP TABLE samples; DROP TABLE rollups; DROP TABLE baselines;
    DELETE FROM facts WHERE key IN ('rolledUp', 'calmClock');
    PRAGMA user_version=1;
    PRAGMA wal_checkpoint(TRUNCATE);
  `);
  database.close();
}
