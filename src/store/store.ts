import { type AdoptionRecords, adoptionRecords, NOTHING } from './adopt.ts';
import type { Database } from './database.ts';
import { type EventRecords, eventRecords } from './events.ts';
import { type FactRecords, factRecords } from './facts.ts';
import { type HistoryRecords, historyRecords } from './history.ts';
import { type IncidentRecords, incidentRecords } from './incidents.ts';
import { type IterationRecords, iterationRecords } from './iterations.ts';
import { type KeepingRecords, keepingRecords } from './keeping.ts';
import { type BaselineRecords, baselineRecords } from './kept-baselines.ts';
import { type MendRecords, type Mends, mending } from './mending.ts';
import { type ModuleRecords, moduleRecords } from './modules.ts';
import { type OwnerRecords, ownerRecords } from './owner.ts';
import { type RunPageRecords, runPageRecords } from './run-pages.ts';
import { type RunValueRecords, runValueRecords } from './run-values.ts';
import { type RunRecords, runRecords } from './runs.ts';
import { type SampleRecords, sampleRecords } from './samples.ts';
import { SeriesNumbers } from './series.ts';
import { type SeriesRecords, seriesRecords } from './series-names.ts';

/**
 * The truth of a workspace. Every call is one transaction; a write is durable when it returns, except where its own text
 * says otherwise. Writes throw WatchkeeperError 'fenced' once the workspace is no longer ours, anything else that goes
 * wrong is a WatchkeeperError 'store'. Damage that a writer meets is mended, where that is possible, before it goes on.
 */
export type Store = Records &
  MendRecords & {
    close(): void;
  };

type Records = OwnerRecords &
  IterationRecords &
  RunRecords &
  RunPageRecords &
  ModuleRecords &
  EventRecords &
  IncidentRecords &
  FactRecords &
  AdoptionRecords &
  HistoryRecords &
  RunValueRecords &
  SeriesRecords &
  SampleRecords &
  BaselineRecords &
  KeepingRecords;

/** @param mender null: what is damaged stays so, as for a reader */
export function createStore(database: Database, mender: Mends | null): Store {
  const told: string[] = [];
  const records = recordsOf(database, new SeriesNumbers(database, message => void told.push(message)));
  return {
    ...(mender === null ? records : mending(records, mender)),
    notices: () => [...(mender?.notices() ?? []), ...told.splice(0)],
    mends: () => mender?.mends() ?? 0,
    judgeWith: judge => mender?.judgeWith(judge),
    salvaged: () => mender?.salvaged() ?? NOTHING,
    close: () => database.close(),
  };
}

function recordsOf(database: Database, numbers: SeriesNumbers): Records {
  return {
    ...ownerRecords(database),
    ...iterationRecords(database),
    ...runRecords(database),
    ...runPageRecords(database),
    ...moduleRecords(database),
    ...eventRecords(database),
    ...incidentRecords(database),
    ...factRecords(database),
    ...adoptionRecords(database),
    ...historyRecords(database),
    ...runValueRecords(database),
    ...seriesRecords(database),
    ...sampleRecords(database, numbers),
    ...baselineRecords(database),
    ...keepingRecords(database, numbers),
  };
}
