import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../src/errors.ts';
import type { Incident, ModuleState } from '../../src/glossary/judgement.ts';
import { openToShow } from '../../src/reading.ts';
import { filesProblems, shapeProblems } from '../faults/invariants/files.ts';
import { readStore, type StoreContent } from '../faults/invariants/store.ts';
import { workspaceAt } from '../helpers/workspace.ts';
import type { CrashState } from './crash.ts';
import { MODULES, openSession, type Session } from './session.ts';

/** The three files that people read, as texts; null where one is not there. */
export interface Shown {
  performance: string | null;
  status: string | null;
  log: string | null;
}

/** What the product made of a state that a crash had left. */
export interface Recovered {
  /** As the crash had left it. */
  found: Shown;
  /** What somebody who only looks saw before any supervisor was started: ids of runs, or in words why not; null: nobody looked. */
  looked: string[] | string | null;
  /** As the next supervisor showed it before its first iteration. */
  caughtUp: Shown;
  /** After one more iteration and the orderly end. */
  final: Shown;
  store: StoreContent;
  states: Map<string, ModuleState>;
  incidents: Incident[];
  /** The number of the last event that counts as told by a commit. */
  committed: number;
  /** All that lies in `data/` in the end, and what is in files that were set aside. */
  names: string[];
  aside: Map<string, Buffer>;
  messages: string[];
  /** What the files do not agree in with the store, or with their schemas. */
  problems: string[];
}

/** Later than all that any scenario does. */
export const RECOVERY_MS = Date.UTC(2026, 10, 27, 12);

/**
 * Writes a crash state out, starts a supervisor there and lets it do one more iteration.
 *
 * @param folder is made, and removed afterwards
 * @param look whether somebody looks before the supervisor starts
 * @returns in words, what failed, where the product could not go on
 */
export async function recover(state: CrashState, folder: string, look: boolean): Promise<Recovered | string> {
  try {
    writeOut(state, folder);
    const found = shownIn(folder);
    const looked = look ? await lookInto(folder) : null;
    return { found, looked, ...(await goOn(folder, state.kind)) };
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes the files of a state; by their names, so that folders come before what is in them. */
export function writeOut(state: CrashState, folder: string): void {
  for (const [path, content] of state.files()) {
    if (content === null) mkdirSync(join(folder, path), { mode: 0o700, recursive: true });
    else writeFileSync(join(folder, path), content, { mode: 0o600 });
  }
  const lock = join(folder, 'data/watchkeeper.lock');
  if (existsSync(lock)) utimesSync(lock, 0, 0); // nobody keeps it fresh
}

function shownIn(folder: string): Shown {
  const text = (name: string): string | null => {
    const path = join(folder, 'data', name);
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  };
  return { performance: text('performance.json'), status: text('status.json'), log: text('anomalies.log') };
}

async function lookInto(folder: string): Promise<string[] | string> {
  try {
    const store = await openToShow(folder);
    try {
      return store.moduleNames().flatMap(name => store.runs(name, 100_000).map(({ id }) => id));
    } finally {
      store.close();
    }
  } catch (error) {
    return messageOf(error);
  }
}

async function goOn(folder: string, kind: CrashState['kind']): Promise<Omit<Recovered, 'found' | 'looked'>> {
  const identity = { startTime: 'recovery', bootId: kind === 'killed' ? 'boot' : 'next boot' };
  const session = await openSession({ root: folder, startMs: RECOVERY_MS, identity });
  const seen = await seenWhile(session, folder);
  const store = readStore(join(folder, 'data'));
  if (typeof store === 'string') throw new Error(store);
  const workspace = workspaceAt(folder);
  const names = readdirSync(join(folder, 'data')).sort();
  const asides = names.filter(name => name.includes('.damaged-'));
  return {
    ...{ ...seen, store, names, messages: session.messages, final: shownIn(folder) },
    aside: new Map(asides.map(name => [name, readFileSync(join(folder, 'data', name))])),
    problems: [...shapeProblems(workspace), ...filesProblems(workspace, store)],
  };
}

async function seenWhile(
  session: Session,
  folder: string,
): Promise<Pick<Recovered, 'caughtUp' | 'states' | 'incidents' | 'committed'>> {
  try {
    const caughtUp = shownIn(folder);
    await session.iterate([{ rows: 3 }, { rows: 20 }]);
    const states = new Map(MODULES.map(name => [name as string, session.store.moduleState(name)]));
    const { seq = 0 } = (session.store.fact('committed') ?? {}) as { seq?: number };
    return { caughtUp, states, incidents: session.store.incidents(), committed: seq };
  } finally {
    await session.close();
  }
}
