import { join } from 'node:path';
import type { AnomalyEvent, Judgement, ModuleState, Run } from '../types.ts';
import type { Adoption } from './adopt.ts';
import { ANOMALIES_FILE } from './anomalies.ts';
import { PERFORMANCE_FILE } from './performance.ts';
import { eventSchema } from './performance-schema.ts';
import { readRegularFile } from './read-file.ts';
import { type ImportedModule, readPerformance } from './read-performance.ts';
import type { Store } from './store.ts';

/** Judges one run by the state before it, as the loop does; the module's name is in the run. */
export type Judge = (state: ModuleState, run: Run) => Judgement;

const MAX_LOG_BYTES = 256e6;

/** A line of `anomalies.log`: its event, and its exact text. */
interface LogLine {
  event: AnomalyEvent;
  line: string;
}

/**
 * Gives an empty store (a fresh clone, or one that was set aside) the history that the files hold: runs and counts from
 * `performance.json`, the state by judging those runs again, past events from `anomalies.log`. Does nothing where the
 * store has a history; safe to be called at every start.
 *
 * @returns messages for the user: what was taken over, passed over, set aside
 * @throws WatchkeeperError 'file', 'store'
 */
export function takeOverHistory(
  store: Pick<Store, 'needsHistory' | 'adopt'>,
  dataFolder: string,
  judge: Judge,
  nowMs: number,
): string[] {
  if (!store.needsHistory()) return [];
  const read = readPerformance(dataFolder, nowMs);
  const lines = readAnomalies(dataFolder);
  const modules = read === null || 'problem' in read ? {} : read.modules;
  adoptHistory(store, modules, lines, judge);
  if (read === null) return [];
  if ('problem' in read) return [`${PERFORMANCE_FILE} ${read.problem}: set aside as ${read.setAside}`];
  const runs = Object.values(modules).reduce((sum, module) => sum + module.runs.length, 0);
  const taken = `history taken over from ${PERFORMANCE_FILE}: ${runs} runs`;
  if (read.copy === null) return [taken];
  return [
    taken,
    `${read.refused} wrong entries of ${PERFORMANCE_FILE} passed over: a copy is in ${read.copy}`,
  ];
}

/**
 * Puts a history into an empty store, in one transaction. No event of it is written to the log again: `lines` is what the
 * log holds already. Ended incidents are taken from those lines; open are the ones that judging the runs again leaves open.
 */
function adoptHistory(
  store: Pick<Store, 'adopt'>,
  modules: Record<string, ImportedModule>,
  lines: LogLine[],
  judge: Judge,
): void {
  const judged = Object.entries(modules).map(([name, { counts, runs }]) => {
    const { state, events } = judgeAll(runs, judge);
    return { name, counts, runs, state, events };
  });
  const runs = inTime(judged.map(module => module.runs));
  const adoption: Adoption = {
    runs,
    modules: Object.fromEntries(judged.map(({ name, counts, state }) => [name, { counts, state }])),
    lines: lines.map(({ event: { time, event }, line }) => ({ time, event, line })),
    incidents: [...lines.map(({ event }) => event), ...judged.flatMap(openEvents)],
    iteration: [...runs, ...lines.map(({ event }) => event)].reduce(
      (newest, { iteration }) => Math.max(newest, iteration),
      0,
    ),
    endedAt: runs.at(-1)?.endedAt ?? lines.at(-1)?.event.time ?? '',
  };
  store.adopt(runs.length + lines.length === 0 ? null : adoption);
}

/** The lines of `anomalies.log` that are events. A file with others will be found to differ, and be set aside. */
function readAnomalies(dataFolder: string): LogLine[] {
  const read = readRegularFile(join(dataFolder, ANOMALIES_FILE), MAX_LOG_BYTES);
  return read === null || 'problem' in read ? [] : [...linesOf(read.content)].flatMap(eventOf);
}

function* linesOf(content: Buffer): Iterable<string> {
  for (let start = 0; start < content.length; ) {
    const found = content.indexOf('\n', start);
    const end = found === -1 ? content.length : found;
    yield content.toString('utf8', start, end);
    start = end + 1;
  }
}

function eventOf(line: string): LogLine[] {
  try {
    const event = eventSchema.safeParse(JSON.parse(line));
    return event.success ? [{ event: event.data, line }] : [];
  } catch {
    return []; // no JSON: not one of our lines
  }
}

function judgeAll(runs: Run[], judge: Judge): Judgement {
  let state: ModuleState = {};
  const events: AnomalyEvent[] = [];
  for (const run of runs) {
    const judgement = judge(state, run);
    state = judgement.state;
    events.push(...judgement.events);
  }
  return { state, events };
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
