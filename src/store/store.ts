import { type AdoptionRecords, adoptionRecords } from './adopt.ts';
import type { Database } from './database.ts';
import { type EventRecords, eventRecords } from './events.ts';
import { type FactRecords, factRecords } from './facts.ts';
import { type IncidentRecords, incidentRecords } from './incidents.ts';
import { type IterationRecords, iterationRecords } from './iterations.ts';
import { type ModuleRecords, moduleRecords } from './modules.ts';
import { type OwnerRecords, ownerRecords } from './owner.ts';
import { type RunRecords, runRecords } from './runs.ts';

/**
 * The truth of a workspace. Every call is one transaction; a write is durable when it returns, except where its own text
 * says otherwise. Writes throw WatchkeeperError 'fenced' once the workspace is no longer ours, anything else that goes
 * wrong is a WatchkeeperError 'store'.
 */
export type Store = OwnerRecords &
  IterationRecords &
  RunRecords &
  ModuleRecords &
  EventRecords &
  IncidentRecords &
  FactRecords &
  AdoptionRecords & {
    close(): void;
  };

export function createStore(database: Database): Store {
  return {
    ...ownerRecords(database),
    ...iterationRecords(database),
    ...runRecords(database),
    ...moduleRecords(database),
    ...eventRecords(database),
    ...incidentRecords(database),
    ...factRecords(database),
    ...adoptionRecords(database),
    close: () => database.close(),
  };
}
