import { statfsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { ruleFor } from './config/rules.ts';
import type { Rule } from './glossary/detection-settings.ts';
import type { Run } from './glossary/run.ts';
import type { Settings } from './glossary/settings.ts';
import { surestOf } from './judge/surest.ts';
import { metricValues } from './judge/values.ts';
import type { Facts, IncidentFacts, MachineFacts, ModuleFacts, ServiceFacts } from './recommend/facts.ts';
import type { Store } from './store/store.ts';

/** So many runs of each module are looked at: enough for a p99, few enough to be read in an instant. */
const MOST_RUNS = 1_000;
const DAY_MS = 86_400_000;
/** Incidents and changes of this time. */
const WEEKS_MS = 28 * DAY_MS;
/** Of a service's memory: two weeks. */
const MOST_HOURS = 336;
const MOST_EVENTS = 20_000;
const MOST_CHANGES = 1_000;

/**
 * The facts that advice is given from, read from an open store and this machine; nobody has looked ahead yet.
 *
 * @throws WatchkeeperError 'store' where it cannot be read
 */
export function factsOf(settings: Settings, store: Store, nowMs: number): Facts {
  const incidents = incidentsOf(store, nowMs - WEEKS_MS);
  const changes = store.changes(nowMs - WEEKS_MS, MOST_CHANGES);
  const modules = settings.modules.map(({ name }): ModuleFacts => {
    const runs = store.runs(name, MOST_RUNS);
    return {
      name,
      runs,
      misses: store.misses(name),
      incidents: incidents.filter(({ module }) => module === name),
      changes: changes.filter(({ module }) => module === name),
      rules: rulesOf(settings, name, runs),
    };
  });
  return {
    nowMs,
    settings,
    modules,
    services: servicesOf(settings, store, nowMs),
    forecasts: [],
    machine: machineOf(settings.root),
  };
}

function servicesOf({ services }: Settings, store: Store, nowMs: number): ServiceFacts[] {
  return services.map(({ name }) => {
    const sinceMs = presentLifeOf(name, store, nowMs);
    const range = { sinceMs, untilMs: nowMs, newest: MOST_HOURS };
    const hours = store.rollups(name, 'memoryMb', {}, 'hour', range);
    return { name, timesMs: hours.map(({ startMs }) => startMs), memoryMb: hours.map(({ p50 }) => p50) };
  });
}

/** About when a service was started last: hours that begin later are wholly of this life. Now, where it has not run for a day. */
function presentLifeOf(service: string, store: Store, nowMs: number): number {
  const range = { sinceMs: nowMs - DAY_MS, untilMs: nowMs, newest: 1 };
  const [last] = store.rollups(service, 'uptimeSeconds', {}, 'hour', range);
  return last === undefined ? nowMs : last.startMs - last.min * 1_000;
}

function incidentsOf(store: Store, sinceMs: number): IncidentFacts[] {
  const newest = store.eventsAfter(Math.max(0, store.newestEvent() - MOST_EVENTS), MOST_EVENTS);
  const lines = Map.groupBy(
    newest.map(({ event }) => event),
    ({ incident }) => incident,
  );
  return store
    .incidents({ sinceMs })
    .filter(({ openedAt }) => Date.parse(openedAt) >= sinceMs)
    .map(incident => ({
      ...incident,
      confidence: surestOf(lines.get(incident.id) ?? [])?.confidence ?? null,
    }));
}

function rulesOf({ detection }: Settings, module: string, runs: readonly Run[]): Record<string, Rule | null> {
  const metrics = new Set(runs.flatMap(run => metricValues(run).map(([metric]) => metric)));
  const rules: Record<string, Rule | null> = Object.create(null); // metrics have names of the user's choice
  for (const metric of metrics) rules[metric] = ruleFor(detection, module, metric);
  return rules;
}

function machineOf(root: string): MachineFacts {
  return { cores: availableParallelism(), diskFreeMb: freeMb(root) };
}

/** Null where the system does not say. */
function freeMb(root: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(root);
    return (bavail * bsize) / 1e6;
  } catch {
    return null;
  }
}
