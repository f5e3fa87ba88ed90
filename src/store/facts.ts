import type { Database, Durability } from './database.ts';
import { parseRecord } from './database-errors.ts';

/** Small things to remember that are no nouns of their own: bookkeeping of the projections, the first start. */
export interface FactRecords {
  /** Null where nothing was remembered. The one who wrote it knows its shape. */
  fact(key: string): unknown;
  /** @param value anything that JSON can hold */
  setFact(key: string, value: unknown, durability?: Durability): void;
  /** To be told of each service that there is: what is measured of one always has room. */
  noteService(service: string): void;
  /** Counts a restart of a service. @returns how many there have been */
  serviceRestarted(service: string): number;
  /** Restarts by service, over the whole life of the workspace. */
  serviceRestarts(): Record<string, number>;
}

export function factRecords(database: Database): FactRecords {
  const restarts = (): { name: string; restarts: number }[] =>
    database.all('SELECT name, restarts FROM services ORDER BY name');
  return {
    fact(key) {
      const row = database.one<{ value: string }>('SELECT value FROM facts WHERE key = ?', key);
      return row === null ? null : parseRecord<unknown>(database.path, row.value, () => true);
    },
    setFact: (key, value, durability = 'disk') =>
      database.write(() => putFact(database, key, value), durability),
    noteService: service =>
      database.write(() => {
        database.run('INSERT OR IGNORE INTO services (name, restarts) VALUES (?, 0)', service);
      }, 'process'),
    serviceRestarted: service =>
      database.write(() => {
        const add = `INSERT INTO services (name, restarts) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET restarts = restarts + 1`;
        database.run(add, service);
        return restarts().find(({ name }) => name === service)?.restarts ?? 0;
      }),
    serviceRestarts: () => Object.fromEntries(restarts().map(({ name, restarts }) => [name, restarts])),
  };
}

/** Inside a transaction. */
export function putFact(database: Database, key: string, value: unknown): void {
  database.run('INSERT OR REPLACE INTO facts (key, value) VALUES (?, ?)', key, JSON.stringify(value));
}
