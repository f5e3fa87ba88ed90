import type { AnomalyEvent } from '../glossary/event.ts';
import type { ModuleState } from '../glossary/judgement.ts';
import type { ModuleCounts, Run } from '../glossary/run.ts';
import { POSITION } from './anomalies.ts';
import type { Database } from './database.ts';
import { appendEvents, type EventLine } from './events.ts';
import { putFact } from './facts.ts';
import { forgetIncidents, upsertIncident } from './incidents.ts';
import { setState } from './module-state.ts';
import { addToRollups, allRolledUp, ROLLED_UP } from './rollups.ts';
import { addCounts, insertRun } from './runs.ts';
import { SeriesNumbers } from './series.ts';

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
  /** When the oldest of it was; null or left out: not known. */
  firstStartMs?: number | null;
  /** What a damaged store still held beside its runs. */
  salvage?: Salvage;
}

/** What can still be read of a damaged store. Each part may be empty. */
export interface Salvage {
  /** Newest first; what is around a place that cannot be read. */
  runs: Run[];
  /** The ids of those that are not in the roll-ups yet. */
  notRolledUp: ReadonlySet<string>;
  /** Runs that were begun and not recorded, as their JSON. */
  begun: { id: string; record: string }[];
  /** As their JSON. */
  facts: { key: string; value: string }[];
  services: { name: string; restarts: number }[];
  slots: { name: string; slotMs: number | null; misses: number }[];
  /** The highest number of an iteration. */
  iteration: number;
  baselines: { module: string; metric: string; record: string }[];
  series: { id: number; source: string; metric: string; labels: string }[];
  rollups: SavedRollup[];
  /** In the order of their recording, with the number of their series in the damaged store. */
  samples: { series: number; timeMs: number; value: number; isRolledUp: boolean }[];
}

/** A row of the roll-ups, with the number of its series in the damaged store. */
interface SavedRollup {
  series: number;
  bucketMs: number;
  startMs: number;
  count: number;
  mean: number;
  squares: number;
  min: number;
  max: number;
  sketch: Uint8Array;
}

export const NOTHING: Salvage = {
  ...{ runs: [], notRolledUp: new Set<string>(), begun: [], facts: [], services: [], slots: [] },
  ...{ iteration: 0, baselines: [], series: [], rollups: [], samples: [] },
};

export interface AdoptionRecords {
  /** True until a history was taken over (or it was found that there is none). */
  needsHistory(): boolean;
  /** Takes a history over, all of it or nothing; null: there is none, and none will come. */
  adopt(adoption: Adoption | null): void;
}

const ADOPTED = 'historyAdopted';

/** When the workspace was first in operation, in ms since 1970. */
export const FIRST_START = 'firstStartMs';

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

/** Inside a transaction. */
export function keepBaselines(database: Database, baselines: Salvage['baselines']): void {
  const keep = 'INSERT OR IGNORE INTO baselines (module, metric, record) VALUES (?, ?, ?)';
  for (const { module, metric, record } of baselines) database.run(keep, module, metric, record);
}

/** How far the log has got is found out again: the events may have other numbers by now. */
function adoptRest(database: Database, { facts, services, slots, begun, baselines }: Salvage): void {
  const numbered: string[] = [POSITION, ROLLED_UP];
  for (const { key, value } of facts) if (!numbered.includes(key)) putFactOnce(database, key, value);
  keepBaselines(database, baselines);
  for (const { name, restarts } of services)
    database.run('INSERT OR IGNORE INTO services (name, restarts) VALUES (?, ?)', name, restarts);
  for (const { name, slotMs, misses } of slots)
    database.run(
      'INSERT OR IGNORE INTO modules (name, slotMs, misses) VALUES (?, ?, ?)',
      name,
      slotMs,
      misses,
    );
  for (const { id, record } of begun)
    database.run('INSERT OR IGNORE INTO begun (id, record) VALUES (?, ?)', id, record);
}

/**
 * Roll-ups and samples. The runs are in the saved roll-ups already, but for those of the last minute, which are added; samples that are
 * not in them come last, where the next housekeeping finds them. Without any roll-ups, all is rolled up anew.
 */
function adoptSeries(
  database: Database,
  runs: Run[],
  { series, rollups, samples, notRolledUp }: Salvage,
): void {
  const numbers = new SeriesNumbers(database);
  const numberOf = new Map(series.map(row => [row.id, numbers.ofKept(row.source, row.metric, row.labels)]));
  const adoptSamples = (isRolledUp: boolean): void => {
    for (const { series: before, timeMs, value } of samples.filter(each => each.isRolledUp === isRolledUp)) {
      const now = numberOf.get(before);
      const add = 'INSERT INTO samples (series, timeMs, value) VALUES (?, ?, ?)';
      if (now !== undefined) database.run(add, now, timeMs, value);
    }
  };
  adoptSamples(true);
  if (rollups.length > 0) {
    for (const row of rollups) keepRollup(database, numberOf.get(row.series), row);
    const missing = runs.filter(({ id }) => notRolledUp.has(id));
    addToRollups(
      database,
      numbers,
      missing.map(run => ({ run, startedMs: Date.parse(run.startedAt) })),
    );
    putFact(database, ROLLED_UP, allRolledUp(database));
  }
  adoptSamples(false);
}

function keepRollup(database: Database, series: number | undefined, row: SavedRollup): void {
  if (series === undefined) return;
  const { bucketMs, startMs, count, mean, squares, min, max, sketch } = row;
  database.run(
    `INSERT OR IGNORE INTO rollups (series, bucketMs, startMs, count, mean, squares, min, max, sketch)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[series, bucketMs, startMs, count, mean, squares, min, max, sketch],
  );
}

function putFactOnce(database: Database, key: string, value: string): void {
  database.run('INSERT OR IGNORE INTO facts (key, value) VALUES (?, ?)', key, value);
}

function adoptInto(
  database: Database,
  { runs, modules, lines, incidents, iteration, endedAt, firstStartMs = null, salvage = NOTHING }: Adoption,
): void {
  adoptRest(database, salvage);
  if (firstStartMs !== null) putFactOnce(database, FIRST_START, JSON.stringify(firstStartMs));
  for (const [module, { counts, state }] of Object.entries(modules)) {
    addCounts(database, module, counts);
    setState(database, module, state);
  }
  for (const run of runs) insertRun(database, run);
  adoptSeries(database, runs, salvage);
  appendEvents(database, lines);
  for (const event of incidents) upsertIncident(database, event);
  for (const module of new Set(incidents.map(event => event.module))) {
    forgetIncidents(database, module, modules[module]?.state ?? {});
  }
  if (iteration === 0) return;
  const insert = 'INSERT OR REPLACE INTO iterations (iteration, startedAt) VALUES (?, ?)';
  database.run(insert, iteration, endedAt);
}
