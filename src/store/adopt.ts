import type { AnomalyEvent, ModuleCounts, ModuleState, Run } from '../types.ts';
import type { Database } from './database.ts';
import { appendEvents, type EventLine } from './events.ts';
import { putFact } from './facts.ts';
import { forgetIncidents, upsertIncident } from './incidents.ts';
import { addCounts, insertRun, setState } from './runs.ts';

/** A history from files, made ready for an empty store. */
export interface Adoption {
  /** In the order in which they are to be recorded. */
  runs: Run[];
  modules: Record<string, { counts: ModuleCounts; state: ModuleState }>;
  /** The lines of the anomalies log as they stand in it. */
  lines: EventLine[];
  /** Events in order, by which the incidents stand as they are; none of them is written to the log. */
  incidents: AnomalyEvent[];
  /** The number to go on from. */
  iteration: number;
  /** When the newest of it ended. */
  endedAt: string;
}

export interface AdoptionRecords {
  /** True until a history was taken over (or it was found that there is none). */
  needsHistory(): boolean;
  /** Takes a history over, all of it or nothing; null: there is none, and none will come. */
  adopt(adoption: Adoption | null): void;
}

const ADOPTED = 'historyAdopted';

export function adoptionRecords(database: Database): AdoptionRecords {
  return {
    needsHistory: () =>
      database.one('SELECT 1 FROM facts WHERE key = ?', ADOPTED) === null &&
      database.one('SELECT 1 FROM runs LIMIT 1') === null,
    adopt: adoption =>
      database.write(() => {
        putFact(database, ADOPTED, true);
        if (adoption !== null) adoptInto(database, adoption);
      }),
  };
}

function adoptInto(
  database: Database,
  { runs, modules, lines, incidents, iteration, endedAt }: Adoption,
): void {
  for (const [module, { counts, state }] of Object.entries(modules)) {
    addCounts(database, module, counts);
    setState(database, module, state);
  }
  for (const run of runs) insertRun(database, run);
  appendEvents(database, lines);
  for (const event of incidents) upsertIncident(database, event);
  for (const module of new Set(incidents.map(event => event.module))) {
    forgetIncidents(database, module, modules[module]?.state ?? {});
  }
  if (iteration === 0) return;
  const insert = 'INSERT OR REPLACE INTO iterations (iteration, startedAt) VALUES (?, ?)';
  database.run(insert, iteration, endedAt);
}
