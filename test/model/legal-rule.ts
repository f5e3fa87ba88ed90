import { isDeepStrictEqual } from 'node:util';
import type { AnomalyEvent } from '../../src/glossary/event.ts';
import type { Incident, ModuleState } from '../../src/glossary/judgement.ts';
import type { Run } from '../../src/glossary/run.ts';
import { parsed } from '../faults/invariants/files.ts';
import type { Recovered } from './recover.ts';
import { judge } from './session.ts';

/** Judging all runs again gives the events and the states that are there. */
export function ruleProblems({ store, states }: Recovered): string[] {
  const again = new Map<string, ModuleState>();
  const events: string[] = [];
  for (const { text } of store.runs.values()) {
    const run = JSON.parse(text) as Run;
    const judgement = judge(again.get(run.module) ?? {}, run);
    again.set(run.module, judgement.state);
    events.push(...judgement.events.map(event => JSON.stringify(event)));
  }
  const different = [...states].filter(([name, state]) => !isDeepStrictEqual(state, again.get(name) ?? {}));
  return [
    ...(isDeepStrictEqual(events, store.events) ? [] : ['judging the runs again gives other events']),
    ...different.map(([name]) => `the baselines of ${name} are not what its runs make of them`),
  ];
}

/** An incident stands as its last event says. */
export function incidentProblems(incidents: Incident[], lines: string[]): string[] {
  const events = lines.flatMap(line => parsed<AnomalyEvent>(line) ?? []);
  const byId = Map.groupBy(events, ({ incident }) => incident);
  const wrong = incidents.filter(({ id, status, value, lastValue, runsOpen }) => {
    const [first, last] = [byId.get(id)?.[0], byId.get(id)?.at(-1)];
    if (first === undefined || last === undefined) return true;
    const expected = [last.event === 'anomaly' ? 'open' : last.event, first.value, last.value, last.runsOpen];
    return !isDeepStrictEqual([status, value, lastValue, runsOpen], expected);
  });
  const there = new Set(incidents.map(({ id }) => id));
  return [
    ...wrong.map(({ id }) => `incident ${id} is not what its events say`),
    ...[...byId.keys()].filter(id => !there.has(id)).map(id => `incident ${id} is not in the store`),
  ];
}
