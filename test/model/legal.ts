import { isDeepStrictEqual } from 'node:util';
import type { AnomalyEvent } from '../../src/glossary/event.ts';
import type { Run } from '../../src/glossary/run.ts';
import { STORE_FILE } from '../../src/store/open-to-read.ts';
import { parsed } from '../faults/invariants/files.ts';
import type { CrashState } from './crash.ts';
import { type History, keysOf, type Recorded } from './history.ts';
import { foundProblems, lineProblems, shownProblems } from './legal-files.ts';
import { incidentProblems, ruleProblems } from './legal-rule.ts';
import { baselineProblems, seriesProblems } from './legal-series.ts';
import { RECOVERY_MS, type Recovered } from './recover.ts';

/** What a scenario allows beyond what always holds. */
export interface Allowance {
  /** Files in `data/` that are damaged before or during the session, and may therefore be set aside. */
  damaged: string[];
  /** Not all runs are known after the damage, so that baselines cannot be worked out again from those that are. */
  incomplete: boolean;
}

/**
 * Whether what became of a crash state is legal, in words what is not:
 *
 * - the files that the crash left are whole, and not older than what was shown
 * - each run that was acknowledged or named by a file is in the store once, in its order and as it was; nothing else is
 * - the log is the events of exactly those runs, once each and in order
 * - baselines and incidents are what the rule makes of the runs
 * - samples, roll-ups and baselines are what was recorded and set, each once
 * - nothing is set aside that was not damaged, and nothing is left behind
 */
export function problemsOf(
  state: Pick<CrashState, 'kind'>,
  recovered: Recovered,
  history: History,
  allowance: Allowance,
): string[] {
  const kept = keptRuns(recovered);
  return [
    ...recovered.problems,
    ...keysOf(recovered.found).flatMap(file => foundProblems(file, recovered.found[file], history)),
    ...(state.kind === 'killed' ? lineProblems(recovered.found.log, history) : []),
    ...shownProblems(recovered),
    ...runProblems(kept, recovered, history),
    ...newRunProblems(state.kind, recovered, history),
    ...logProblems(kept, recovered, history),
    ...(allowance.incomplete ? [] : ruleProblems(recovered)),
    ...incidentProblems(recovered.incidents, recovered.store.events),
    ...iterationProblems(recovered),
    ...seriesProblems(state.kind, recovered, history, !allowance.damaged.includes(STORE_FILE)),
    ...(allowance.damaged.includes(STORE_FILE) ? [] : baselineProblems(recovered, history)),
    ...(recovered.committed >= history.committedBefore
      ? []
      : ['past events would be told again by a commit']),
    ...leftProblems(recovered, allowance),
    ...(allowance.damaged.length > 0 ? [] : lookedProblems(state.kind, recovered, history)),
  ];
}

interface Kept {
  id: string;
  text: string;
}

/** The runs from before the recovery, in the store's order; one that had begun and is recorded as killed by now is none of them. */
function keptRuns({ store }: Recovered): Kept[] {
  return store.ids
    .filter(id => Date.parse(store.runs.get(id)?.endedAt ?? '') < RECOVERY_MS)
    .map(id => ({ id, text: store.runs.get(id)?.text ?? '' }));
}

function runProblems(kept: Kept[], { store }: Recovered, { runs, acknowledged, named }: History): string[] {
  const expected = runs.slice(0, Math.max(kept.length, acknowledged));
  const there = new Set(kept.map(({ id }) => id));
  const lost = expected.filter(({ id }) => !there.has(id));
  const different = kept.findIndex(
    ({ id, text }, index) => id !== runs[index]?.id || text !== runs[index]?.text,
  );
  return [
    ...lost.map(({ id }) => `run ${id} was acknowledged and is lost`),
    ...[...named].filter(id => !store.runs.has(id)).map(id => `run ${id} was named by a file and is lost`),
    ...(different < 0
      ? []
      : [`run ${different + 1} of the store is ${kept[different]?.id}, not the one that it was`]),
  ];
}

/** What the recovery has added: its own iteration, and runs that had begun, as killed. */
function newRunProblems(kind: CrashState['kind'], { store }: Recovered, history: History): string[] {
  const added = [...store.runs].filter(([, { endedAt }]) => Date.parse(endedAt) >= RECOVERY_MS);
  const killed = added.filter(([, { outcome }]) => outcome === 'killed').map(([id]) => id);
  const begun = new Set([...history.begunBefore, ...history.beginning]);
  const due = [...history.begunBefore, ...(kind === 'killed' ? history.begun : [])];
  return [
    ...(added.length - killed.length === 2 ? [] : [`${added.length - killed.length} runs were added, not 2`]),
    ...killed.filter(id => !begun.has(id)).map(id => `run ${id} is killed and has never begun`),
    ...due.filter(id => !store.runs.has(id)).map(id => `run ${id} had begun and is not recorded`),
    ...store.begun.map(id => `run ${id} is still begun`),
    ...(store.ids.length === store.runs.size ? [] : ['a run is there twice']),
  ];
}

/** The log is the lines of the runs that are there, each once and in order, and then those of the recovery. */
function logProblems(kept: Kept[], { store, final }: Recovered, history: History): string[] {
  const there = new Set(kept.map(({ id }) => id));
  const own = history.runs.filter(({ id }: Recorded) => there.has(id)).flatMap(({ lines }) => lines);
  const expected = [...history.linesBefore, ...own];
  const lines = (final.log ?? '').split('\n').filter(Boolean);
  const older = lines.filter(line => Date.parse(parsed<AnomalyEvent>(line)?.time ?? '') < RECOVERY_MS);
  return [
    ...(isDeepStrictEqual(lines, store.events) ? [] : ['anomalies.log is not the events of the store']),
    ...(isDeepStrictEqual(older, expected) && isDeepStrictEqual(lines.slice(0, older.length), older)
      ? []
      : [`anomalies.log holds ${older.length} lines from before, not the ${expected.length} in their order`]),
  ];
}

/** Numbers of iterations are never used again. */
function iterationProblems({ store }: Recovered): string[] {
  const runs = [...store.runs.values()].map(({ text, endedAt }) => ({
    ...(JSON.parse(text) as Run),
    endedAt,
  }));
  const own = runs.filter(({ startedAt }) => Date.parse(startedAt) >= RECOVERY_MS);
  const before = runs.filter(({ startedAt }) => Date.parse(startedAt) < RECOVERY_MS);
  const newest = Math.max(0, ...before.map(({ iteration }) => iteration));
  return own.every(({ iteration }) => iteration > newest) ? [] : [`iteration ${newest} was given out again`];
}

function leftProblems({ names, aside }: Recovered, { damaged }: Allowance): string[] {
  const allowed = [...damaged, 'anomalies.log'];
  return [
    ...names
      .filter(name => /\.tmp$|\.suspect$|\.new$|-journal$|\.lock$|owner\.json$/.test(name))
      .map(name => `left: ${name}`),
    ...[...aside.keys()]
      .filter(name => !allowed.some(file => name.startsWith(`${file}.`) || name.startsWith(`${file}-`)))
      .map(name => `set aside without need: ${name}`),
  ];
}

/** Somebody who only looks sees what was acknowledged, before any supervisor is started. */
function lookedProblems(
  kind: CrashState['kind'],
  { looked }: Recovered,
  { runs, acknowledged }: History,
): string[] {
  if (looked === null || acknowledged === 0) return [];
  // A first write that a power failure has cut off can only be taken back by one who may write: what it says helps.
  if (kind === 'power' && /damaged: start the supervisor/.test(String(looked))) return [];
  if (/is of an older Watchkeeper: start the supervisor once/.test(String(looked))) return [];
  if (typeof looked === 'string') return [`the store could not be looked at: ${looked}`];
  const unseen = runs.slice(0, acknowledged).filter(({ id }) => !looked.includes(id));
  return unseen.map(({ id }) => `a reader does not see run ${id}`);
}
