import type { AnomalyEvent } from '../glossary/event.ts';
import type { Judgement } from '../glossary/judgement.ts';
import type { Run } from '../glossary/run.ts';
import { parsedJson } from '../json.ts';
import type { Adoption, Salvage } from './adopt.ts';
import { type FixedMean, type Judge, judgeAll } from './judge-all.ts';
import { meanOf } from './kept-baselines.ts';
import { PERFORMANCE_FILE } from './performance.ts';
import { isOfIncident, type LogLine, readAnomalies } from './read-anomalies.ts';
import { type ImportedModule, readPerformance, sumOf } from './read-performance.ts';
import { plus } from './runs.ts';
import type { Store } from './store.ts';

export type { Judge };

/** What the files and a damaged store hold together. */
interface Found {
  modules: Record<string, ImportedModule>;
  /** Those of the modules' runs that no file shows. */
  unshown: Run[];
  lines: LogLine[];
  salvage: Salvage;
}

/** What a history is taken over into. */
export type Heir = Pick<Store, 'needsHistory' | 'adopt' | 'salvaged' | 'judgeWith'>;

/**
 * Gives an empty store (a fresh clone, or one that was set aside) the history that the files hold: runs and counts from
 * `performance.json`, the state by judging those runs again, past events from `anomalies.log`; and what can still be read of
 * the store that was set aside, which knows more than the files. Does nothing where the store has a history; to be called at
 * every start, because the store also learns from it how to judge what it may have to mend later.
 *
 * @returns messages for the user: what was taken over, passed over, set aside
 * @throws WatchkeeperError 'file', 'store'
 */
export function takeOverHistory(store: Heir, dataFolder: string, judge: Judge, nowMs: number): string[] {
  store.judgeWith(judge);
  if (!store.needsHistory()) return [];
  const read = readPerformance(dataFolder, nowMs);
  const lines = readAnomalies(dataFolder);
  const shown = read === null || 'problem' in read ? {} : read.modules;
  const salvage = store.salvaged();
  const unshown = unshownRuns(shown, salvage.runs);
  const older = olderRuns(shown, salvage.runs);
  adoptHistory(store, { modules: joined(shown, older, unshown), unshown, lines, salvage }, judge);
  const runs = Object.values(shown).reduce((sum, module) => sum + module.runs.length, 0);
  return [
    ...(read === null || 'problem' in read
      ? []
      : [`history taken over from ${PERFORMANCE_FILE}: ${runs} runs`]),
    ...(older.length + unshown.length === 0
      ? []
      : [`${older.length + unshown.length} further runs taken over from the damaged store`]),
    ...problemsOf(read),
  ];
}

function problemsOf(read: ReturnType<typeof readPerformance>): string[] {
  if (read === null) return [];
  if ('problem' in read) return [`${PERFORMANCE_FILE} ${read.problem}: set aside as ${read.setAside}`];
  if (read.copy === null) return [];
  return [`${read.refused} wrong entries of ${PERFORMANCE_FILE} passed over: a copy is in ${read.copy}`];
}

/** Of the newest runs (newest first) those that are newer than all that the file shows of their module; oldest first. */
function unshownRuns(shown: Record<string, ImportedModule>, newest: Run[]): Run[] {
  const known = new Set(Object.values(shown).flatMap(({ runs }) => runs.map(({ id }) => id)));
  const reached = new Set<string>();
  const unshown = newest.filter(({ id, module }) => {
    if (known.has(id)) reached.add(module);
    return !reached.has(module);
  });
  return unshown.reverse();
}

/** Of the newest runs (newest first) those before all that the file shows of their module, which shows the newest ones; oldest first. */
function olderRuns(shown: Record<string, ImportedModule>, newest: Run[]): Run[] {
  const known = new Set(Object.values(shown).flatMap(({ runs }) => runs.map(({ id }) => id)));
  const reached = new Set<string>();
  const older = newest.toReversed().filter(({ id, module }) => {
    if (known.has(id) || shown[module] === undefined) reached.add(module);
    return !reached.has(module);
  });
  const isShown = new Set(newest.filter(({ id }) => known.has(id)).map(({ module }) => module));
  return older.filter(({ module }) => isShown.has(module));
}

/** The counts of the file are those of a whole life: older runs are in them. */
function joined(
  shown: Record<string, ImportedModule>,
  older: Run[],
  unshown: Run[],
): Record<string, ImportedModule> {
  const modules = new Map(Object.entries(shown));
  for (const [name, before] of Map.groupBy(older, ({ module }) => module)) {
    const { runs, counts } = modules.get(name) ?? { runs: [], counts: sumOf([]) };
    modules.set(name, { runs: [...before, ...runs], counts });
  }
  for (const [name, added] of Map.groupBy(unshown, ({ module }) => module)) {
    const { runs, counts } = modules.get(name) ?? { runs: [], counts: sumOf([]) };
    modules.set(name, { runs: [...runs, ...added], counts: plus(counts, sumOf(added)) });
  }
  return Object.fromEntries(modules);
}

/**
 * Puts a history into an empty store, in one transaction. No event of it is written to the log again: `lines` is what the
 * log holds already, and what it does not are events of runs that no file shows. Ended incidents are taken from those lines; open are the ones that judging the runs again leaves open.
 */
function adoptHistory(store: Heir, { modules, unshown, lines, salvage }: Found, judge: Judge): void {
  const fixedMean = meansOf(salvage.baselines);
  const judged = Object.entries(modules).map(([name, { counts, runs }]) => {
    const { state, events } = judgeAll(runs, judge, fixedMean);
    return { name, counts, runs, state, events };
  });
  const runs = inTime(judged.map(module => module.runs));
  const untold = untoldEvents(lines, unshown, judged);
  const told = lines.map(({ event }) => event);
  const adoption: Adoption = {
    runs,
    modules: Object.fromEntries(judged.map(({ name, counts, state }) => [name, { counts, state }])),
    lines: [...lines, ...untold.map(event => ({ event, line: JSON.stringify(event) }))].map(
      ({ event: { time, event }, line }) => ({ time, event, line }),
    ),
    incidents: [...told.filter(isOfIncident), ...untold, ...judged.flatMap(openEvents)],
    iteration: [...runs, ...told].reduce(
      (newest, { iteration }) => Math.max(newest, iteration),
      salvage.iteration,
    ),
    firstStartMs: firstOf([...runs.map(({ startedAt }) => startedAt), ...told.map(({ time }) => time)]),
    endedAt: runs.at(-1)?.endedAt ?? lines.at(-1)?.event.time ?? '',
    salvage,
  };
  store.adopt(isEmpty(adoption) ? null : adoption);
}

function meansOf(baselines: Salvage['baselines']): FixedMean {
  const means = new Map(
    baselines.map(({ module, metric, record }) => [`${module}.${metric}`, meanOf(parsedJson(record))]),
  );
  return (module, metric) => means.get(`${module}.${metric}`) ?? null;
}

/** What judging the runs that no file shows says, and the log does not. */
function untoldEvents(lines: LogLine[], unshown: Run[], judged: Judgement[]): AnomalyEvent[] {
  const keyOf = ({ event, run, metric }: LogLine['event']): string => `${event}/${run}/${metric}`;
  const told = new Set(lines.map(({ event }) => keyOf(event)));
  const ids = new Set(unshown.map(({ id }) => id));
  return judged
    .flatMap(({ events }) => events)
    .filter(event => ids.has(event.run) && !told.has(keyOf(event)))
    .sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
}

/** In ms; null where there are none. */
function firstOf(times: string[]): number | null {
  const first = times.reduce((least, time) => Math.min(least, Date.parse(time)), Number.POSITIVE_INFINITY);
  return Number.isFinite(first) ? first : null;
}

function isEmpty({ runs, lines, salvage }: Adoption): boolean {
  return runs.length + lines.length + (salvage?.facts.length ?? 0) === 0;
}

function openEvents({ state, events }: Judgement): AnomalyEvent[] {
  const open = new Set(Object.values(state).map(({ incident }) => incident?.id));
  return events.filter(({ incident }) => open.has(incident));
}

/** All runs by their end, without changing the order within a module, which counts even where a clock went back. */
function inTime(modules: Run[][]): Run[] {
  const keyed = modules.flatMap(runs => {
    let newest = 0;
    return runs.map(run => {
      newest = Math.max(newest, Date.parse(run.endedAt));
      return { run, newest };
    });
  });
  return keyed.sort((a, b) => a.newest - b.newest).map(({ run }) => run);
}
