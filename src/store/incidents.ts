import type { AnomalyEvent } from '../glossary/event.ts';
import type { Incident, ModuleState } from '../glossary/judgement.ts';
import type { HistoryReader } from '../history-reader.ts';
import type { Database } from './database.ts';
import { setState, stateOf } from './module-state.ts';

export interface IncidentRecords extends Pick<HistoryReader, 'incidents'> {
  /** Open ones that nothing judges any more: the state of their module holds them no longer, and their lines stay in the log. */
  dropIncidents(incidents: readonly Incident[]): void;
}

const COLUMNS =
  'id, module, metric, status, direction, baseline, value, deviationPercent, lastValue, run, iteration, runsOpen, openedAt, endedAt';

export function incidentRecords(database: Database): IncidentRecords {
  return {
    incidents({ open, module, sinceMs } = {}) {
      const conditions = [
        ...(open === undefined ? [] : [open ? "status = 'open'" : "status <> 'open'"]),
        ...(module === undefined ? [] : ['module = ?']),
        ...(sinceMs === undefined ? [] : ['(endedMs IS NULL OR endedMs >= ?)']),
      ];
      const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
      return database.all<Incident>(
        `SELECT ${COLUMNS} FROM incidents ${where} ORDER BY status = 'open' DESC, seq DESC`,
        ...(module === undefined ? [] : [module]),
        ...(sinceMs === undefined ? [] : [Math.floor(sinceMs)]),
      );
    },
    dropIncidents: incidents =>
      database.write(() => {
        for (const [module, dropped] of Map.groupBy(incidents, incident => incident.module)) {
          const ids = new Set(dropped.map(({ id }) => id));
          const state = withoutIncidents(stateOf(database, module), ids);
          setState(database, module, state);
          forgetIncidents(database, module, state);
        }
      }),
  };
}

function withoutIncidents(state: ModuleState, ids: ReadonlySet<string>): ModuleState {
  const entries = Object.entries(state).map(([metric, known]) => [
    metric,
    known.incident !== null && ids.has(known.incident.id) ? { ...known, incident: null } : known,
  ]);
  return Object.fromEntries(entries);
}

/** Inside a transaction: what one event does to its incident. The first anomaly opens it, the others move it on or end it. */
export function upsertIncident(database: Database, event: AnomalyEvent): void {
  if (event.event === 'anomaly' && event.runsOpen === 0) open(database, event);
  else if (event.event === 'anomaly') {
    const move = 'UPDATE incidents SET lastValue = ?, runsOpen = ? WHERE id = ?';
    database.run(move, event.value, event.runsOpen, event.incident);
  } else {
    database.run(
      'UPDATE incidents SET status = ?, lastValue = ?, runsOpen = ?, endedAt = ?, endedMs = ? WHERE id = ?',
      event.event,
      event.value,
      event.runsOpen,
      event.time,
      Date.parse(event.time),
      event.incident,
    );
  }
}

/**
 * Inside a transaction: drops the open incidents of a module that its state no longer holds. A metric that is taken out of
 * judging is forgotten without an event; without this its incident would stay open for ever. Its lines stay in the log.
 */
export function forgetIncidents(database: Database, module: string, state: ModuleState): void {
  const held = new Set(Object.values(state).map(({ incident }) => incident?.id));
  const opened = "SELECT id FROM incidents WHERE module = ? AND status = 'open'";
  for (const { id } of database.all<{ id: string }>(opened, module)) {
    if (!held.has(id)) database.run('DELETE FROM incidents WHERE id = ?', id);
  }
}

function open(database: Database, event: AnomalyEvent): void {
  database.run(
    `INSERT OR REPLACE INTO incidents (${COLUMNS}) VALUES (?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)`,
    event.incident,
    event.module,
    event.metric,
    event.direction,
    event.baseline,
    event.value,
    event.deviationPercent,
    event.value,
    event.run,
    event.iteration,
    event.runsOpen,
    event.time,
  );
}
