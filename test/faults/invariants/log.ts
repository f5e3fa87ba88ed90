import type { LogEvent } from '../../../src/glossary/event.ts';
import { parsed } from './files.ts';
import type { StoreContent } from './store.ts';

/** anomalies.log is the events of the store, line by line, and its incidents are well-formed. */
export function logProblems(text: string, store: StoreContent): string[] {
  if (text !== '' && !text.endsWith('\n')) return ['anomalies.log ends inside a line'];
  const lines = text.split('\n').filter(Boolean);
  const different = lines.findIndex((line, index) => line !== store.events[index]);
  const events = lines.flatMap(line => parsed<LogEvent>(line) ?? []);
  return [
    ...(lines.length === store.events.length
      ? []
      : [`anomalies.log has ${lines.length} lines, the store ${store.events.length}`]),
    ...(different < 0 ? [] : [`line ${different + 1} of anomalies.log is not the store's`]),
    ...events
      .filter(({ run }) => !store.runs.has(run))
      .map(({ run }) => `anomalies.log names ${run}, which is lost`),
    ...[...Map.groupBy(events, ({ incident }) => incident)].flatMap(([id, own]) =>
      own.every(({ event }) => event === 'change')
        ? changeProblems(id, own)
        : incidentProblems(id, own, store),
    ),
  ];
}

/** A change that the rule does not see is told once, and is no incident. */
function changeProblems(id: string, told: LogEvent[]): string[] {
  return told.length === 1 ? [] : [`change ${id} is told ${told.length} times`];
}

/** Anomalies first, `runsOpen` growing by one from 0, at most one end, and nothing after it. */
function incidentProblems(id: string, events: LogEvent[], store: StoreContent): string[] {
  const anomalies = events.filter(({ event }) => event === 'anomaly');
  const ends = events.filter(({ event }) => event !== 'anomaly');
  const counted = anomalies.every(({ runsOpen }, index) => runsOpen === index);
  const one = (of: (event: LogEvent) => unknown): boolean => new Set(events.map(of)).size === 1;
  const ordered = ends.length <= 1 && (ends.length === 0 || events.at(-1) === ends[0]);
  const end = ends[0];
  const closing =
    end === undefined ||
    end.runsOpen === (end.event === 'persisted' ? anomalies.length - 1 : anomalies.length);
  const good =
    anomalies.length > 0 &&
    counted &&
    ordered &&
    closing &&
    one(({ module, metric }) => `${module} ${metric}`) &&
    one(({ baseline }) => baseline);
  const isOpen = store.openIncidents.includes(id);
  return [
    ...(good
      ? []
      : [`incident ${id} is ${events.map(({ event, runsOpen }) => `${event} ${runsOpen}`).join(', ')}`]),
    ...(isOpen === (ends.length === 0)
      ? []
      : [`incident ${id} is ${isOpen ? 'open' : 'ended'} only in the store`]),
  ];
}
