import type { ModuleState } from '../glossary/judgement.ts';
import type { ModuleCounts } from '../glossary/run.ts';
import type { HistoryReader } from '../history-reader.ts';
import type { Database } from './database.ts';
import { stateOf } from './module-state.ts';

export interface ModuleRecords extends Pick<HistoryReader, 'moduleNames' | 'counts'> {
  /** For each module that has runs the sequence number of its newest run: it changes when and only when the module has a new run. */
  newestRuns(): Map<string, number>;
  /** Repeated attempts of all modules together. */
  restartCount(): number;
  /** `{}` for an unknown module. */
  moduleState(module: string): ModuleState;
  /** The last slot of the module's schedule that was dealt with, in ms since 1970. */
  slot(module: string): number | null;
  setSlots(slots: Record<string, number>): void;
  /** Counts a slot that passed while the module was still running. @returns how many there have been */
  addMiss(module: string): number;
  misses(module: string): number;
}

interface ModuleRow extends ModuleCounts {
  name: string;
  misses: number;
  lastSeq: number;
  slotMs: number | null;
}

export function moduleRecords(database: Database): ModuleRecords {
  const row = (module: string): ModuleRow | null =>
    database.one<ModuleRow>(
      'SELECT name, successCount, errorCount, restartCount, misses, lastSeq, slotMs FROM modules WHERE name = ?',
      module,
    );
  const newest = (): { name: string; lastSeq: number }[] =>
    database.all('SELECT name, lastSeq FROM modules WHERE lastSeq > 0 ORDER BY id');
  return {
    moduleNames: () => newest().map(({ name }) => name),
    newestRuns: () => new Map(newest().map(({ name, lastSeq }) => [name, lastSeq])),
    counts(module) {
      const { successCount = 0, errorCount = 0, restartCount = 0 } = row(module) ?? {};
      return { successCount, errorCount, restartCount };
    },
    restartCount: () =>
      database.one<{ sum: number | null }>('SELECT sum(restartCount) AS sum FROM modules')?.sum ?? 0,
    moduleState: module => stateOf(database, module),
    slot: module => row(module)?.slotMs ?? null,
    setSlots(slots) {
      const entries = Object.entries(slots);
      if (entries.length === 0) return;
      database.write(() => {
        for (const [module, slotMs] of entries) setSlot(database, module, slotMs);
      }, 'process'); // after a power failure the run of that slot is gone, too: it is due again
    },
    addMiss: module =>
      database.write(() => {
        const add = `INSERT INTO modules (name, misses) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET misses = misses + 1`;
        database.run(add, module);
        return row(module)?.misses ?? 0;
      }, 'process'),
    misses: module => row(module)?.misses ?? 0,
  };
}

function setSlot(database: Database, module: string, slotMs: number): void {
  database.run(
    'INSERT INTO modules (name, slotMs) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET slotMs = excluded.slotMs',
    module,
    Math.floor(slotMs),
  );
}
