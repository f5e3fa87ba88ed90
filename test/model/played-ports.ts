import { ruleFor } from '../../src/config/rules.ts';
import type { Child } from '../../src/glossary/child.ts';
import type { Clock } from '../../src/glossary/clock.ts';
import type { Publisher } from '../../src/publish.ts';
import type { Store } from '../../src/store/store.ts';
import type { Ports } from '../../src/supervise/ports.ts';
import { NOTHING_REPORTED } from '../helpers/further.ts';
import { childEnd } from '../supervise/played.ts';
import type { Mark } from './operations.ts';

/** How a module's run ends: the rows that it reports, or that it fails. `never`: it is still running. */
export type PlannedRun = { rows: number } | 'fails' | 'never';

export interface PlayOptions {
  /** The session's clock begins here and moves on by some milliseconds each time it is looked at. */
  startMs: number;
  /** Is told what has happened; for the recorder. */
  mark?(mark: Mark): void;
  /** Called when a child is asked for that never ends. */
  onNever?(): void;
}

export interface PlayedParts {
  store: Store;
  clock: Clock;
  publisher: Publisher;
  planned: PlannedRun[];
  messages: string[];
}

/** A loop's surroundings: its storage is real, its children are played, and what it is told is what was planned. */
export function portsOf(
  options: PlayOptions,
  { store, clock, publisher, planned, messages }: PlayedParts,
): Ports {
  const tell = (message: string): void => void messages.push(message);
  let ids = 0;
  return {
    ...{ clock, ruleFor, history: markedHistory(store, options.mark ?? (() => {})) },
    assess: (_run, events) => ({ events: [...events], changes: [] }),
    newId: () => {
      ids += 1;
      return `01JD${String(options.startMs).padStart(16, '0')}${String(ids).padStart(6, '0')}`;
    },
    runner: { start: () => child(planned[0] ?? 'fails', clock, options.onNever) },
    services: {
      ...{ start: () => {}, update: async () => {}, stop: async () => {}, kill: () => {} },
      ready: async () => [],
    },
    reporter: {
      ...{ info: tell, warn: tell, runEnded: () => {} },
      iterationEnded: ({ iteration }) => options.mark?.({ kind: 'shown', iteration }),
    },
    launch: ({ name, argv, shell, cwd, env }, { id }) => ({
      spec: {
        id,
        name,
        argv,
        shell,
        cwd,
        env,
        timeoutMs: null,
        killGraceMs: 0,
        metered: false,
        output: SILENT,
      },
      collect: async () => ({
        ...NOTHING_REPORTED,
        apiLatencySeconds: 0.1,
        custom: customOf(planned.shift()),
      }),
    }),
    revision: async () => null,
    catchUp: settings => publisher.catchUp(settings),
    note: closed => publisher.note(closed),
    publish: (closed, settings) => publisher.publish(closed, settings),
  };
}

const SILENT = { write: () => true, drained: async () => {}, end: async () => {} };

function customOf(planned: PlannedRun | undefined): Record<string, number> {
  return planned === undefined || typeof planned === 'string' ? {} : { rows: planned.rows };
}

function child(planned: PlannedRun, clock: Clock, onNever: PlayOptions['onNever']): Child {
  const now = clock.now();
  const end = childEnd({ startedAtMs: now, endedAtMs: now + 10, exitCode: planned === 'fails' ? 1 : 0 });
  const ended = planned === 'never' ? new Promise<never>(() => onNever?.()) : Promise.resolve(end);
  return { pid: 1, ended, stop: async () => {}, kill: () => {}, memoryMb: () => null };
}

/** The store, telling what it is asked to keep and when it has done so. */
function markedHistory(store: Store, mark: (mark: Mark) => void): Ports['history'] {
  return {
    ...store,
    beginRun(run) {
      mark({ kind: 'beginning', id: run.id });
      store.beginRun(run);
      mark({ kind: 'begun', id: run.id });
    },
    recordRun(run, judgement) {
      const lines = (judgement?.events ?? []).map(event => JSON.stringify(event));
      mark({ kind: 'intended', id: run.id, module: run.module, text: JSON.stringify(run), lines });
      store.recordRun(run, judgement);
      mark({ kind: 'recorded', id: run.id });
    },
  };
}
