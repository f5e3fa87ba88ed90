import { CLOCK } from '../../src/clock.ts';
import type { Child, ChildResult } from '../../src/glossary/child.ts';
import type { DetectionSettings } from '../../src/glossary/detection-settings.ts';
import type { ClosedIteration } from '../../src/glossary/iteration.ts';
import type { Run, StartedRun } from '../../src/glossary/run.ts';
import type { ModuleSettings, ServiceSettings, Settings } from '../../src/glossary/settings.ts';
import type { Ports } from '../../src/supervise/ports.ts';
import { Supervisor, type SupervisorOptions } from '../../src/supervise.ts';
import { NOTHING_REPORTED } from '../helpers/further.ts';

/** A command that is never started. */
const COMMAND = { argv: ['true'], shell: false, cwd: '/', env: {}, passEnv: [], killGraceMs: 0 };

/** A module that a loop is played with: it has no schedule. */
export function module(name: string, more: Partial<ModuleSettings> = {}): ModuleSettings {
  return {
    ...COMMAND,
    name,
    schedule: null,
    after: [],
    timeoutMs: null,
    retries: 0,
    retryDelayMs: 0,
    watch: [],
    ...more,
  };
}

export function service(name: string, more: Partial<ServiceSettings> = {}): ServiceSettings {
  return { ...COMMAND, name, health: null, restartDelayMs: 0, maxRestartDelayMs: 0, ...more };
}

/** The rule with nothing set by the user, and no models. */
export const DETECTION: DetectionSettings = {
  thresholdPercent: 25,
  window: 5,
  recoveryRuns: 3,
  baseline: 'rolling',
  floors: {},
  modules: {},
  changes: true,
  period: null,
  contamination: null,
  modelUpdateInterval: 50,
  lstm: false,
  seed: 1,
};

export function settingsOf(modules: ModuleSettings[], services: ServiceSettings[] = []): Settings {
  return {
    root: '/',
    timezone: 'UTC',
    runAtStart: false,
    modules,
    services,
    detection: DETECTION,
    historyRuns: 100,
    keepMs: 400 * 86_400_000,
    samplesMs: 3_600_000,
    git: { enabled: false, commitOn: [], okEveryMs: 0, ref: 'current' },
    stages: [],
    logs: { maxBytes: 1_000_000, files: 1 },
    system: { enabled: false, everyMs: 10_000 },
    intake: { socket: false, flushMs: 10_000 },
  };
}

const GOOD_END: ChildResult = {
  startedAtMs: 0,
  endedAtMs: 10,
  exitCode: 0,
  signal: null,
  timedOut: false,
  stopped: false,
  startError: null,
  leftovers: 0,
  runtimeSeconds: 0.01,
  cpuSeconds: 0.005,
  memoryMb: 3,
  diskReadMb: 0.5,
  diskWrittenMb: 0.25,
  contextSwitches: 7,
};

/** What a child's end looks like: a good one, as far as nothing else is said. */
export function childEnd(more: Partial<ChildResult> = {}): ChildResult {
  return { ...GOOD_END, ...more };
}

export interface Played {
  supervisor: Supervisor;
  /** Names of the children in the order in which they were started. */
  started: string[];
  /** Ends the child of a module that is running. */
  end(name: string, result?: Partial<ChildResult>): void;
  recorded: Run[];
  published: ClosedIteration[];
  /** Those whose end was noted alone. */
  noted: ClosedIteration[];
  dropped: number[];
  infos: string[];
  warnings: string[];
  misses: Map<string, number>;
  slots: Map<string, number>;
  fatal: unknown[];
}

export interface PlayOptions extends Partial<Pick<SupervisorOptions, 'iterations'>> {
  /** Laid over the ports that the loop is given. */
  ports?: Partial<Ports>;
  history?: Partial<Ports['history']>;
}

/** The loop with everything at its edge played: children end when the test says so, nothing is written anywhere. */
export function played(settings: Settings, options: PlayOptions = {}): Played {
  const facts: Omit<Played, 'supervisor' | 'end'> = {
    started: [],
    recorded: [],
    published: [],
    noted: [],
    dropped: [],
    infos: [],
    warnings: [],
    misses: new Map(),
    slots: new Map(),
    fatal: [],
  };
  const running = new Map<string, (result: ChildResult) => void>();
  const start = (name: string): Child => {
    const { promise: ended, resolve } = Promise.withResolvers<ChildResult>();
    facts.started.push(name);
    running.set(name, resolve);
    const stop = (): void => resolve(childEnd({ stopped: true, exitCode: null, signal: 'SIGTERM' }));
    return { pid: 1, ended, stop: async () => stop(), kill: stop, memoryMb: () => null };
  };
  const ports: Ports = { ...portsOf(facts, start, options), ...options.ports };
  const supervisor = new Supervisor(ports, settings, {
    iterations: options.iterations ?? null,
    onFatal: error => void facts.fatal.push(error),
  });
  return {
    ...facts,
    supervisor,
    end: (name, result) => {
      const resolve = running.get(name);
      if (resolve === undefined) throw new Error(`${name} is not running`);
      running.delete(name);
      resolve(childEnd(result));
    },
  };
}

function portsOf(
  facts: Omit<Played, 'supervisor' | 'end'>,
  start: (name: string) => Child,
  options: PlayOptions,
): Ports {
  let ids = 0;
  return {
    clock: CLOCK,
    newId: () => {
      ids += 1;
      return `run-${ids}`;
    },
    catchUp: () => {},
    history: { ...historyOf(facts), ...options.history },
    runner: { start: spec => start(spec.name) },
    services: {
      start: () => {},
      update: async () => {},
      ready: async () => [],
      stop: async () => {},
      kill: () => {},
    },
    reporter: {
      runEnded: () => {},
      iterationEnded: () => {},
      info: message => void facts.infos.push(message),
      warn: message => void facts.warnings.push(message),
    },
    launch: ({ name, argv, shell, cwd, env, timeoutMs, killGraceMs }, { id }) => ({
      spec: { id, name, argv, shell, cwd, env, timeoutMs, killGraceMs, metered: true, output: SILENT },
      collect: async () => NOTHING_REPORTED,
    }),
    revision: async () => null,
    ruleFor: () => null,
    assess: (_run, events) => ({ events: [...events], changes: [] }),
    note: async closed => {
      facts.noted.push(closed);
      return { ...closed, message: 'noted', status: 'ok', commit: null };
    },
    publish: async closed => {
      facts.published.push(closed);
      return { ...closed, message: 'published', status: 'ok', commit: null };
    },
  };
}

const SILENT = { write: () => true, drained: async () => {}, end: async () => {} };

function historyOf(facts: Omit<Played, 'supervisor' | 'end'>): Ports['history'] {
  let iterations = 0;
  const begun: StartedRun[] = [];
  const remembered = new Map<string, unknown>();
  return {
    startIteration: () => {
      iterations += 1;
      return iterations;
    },
    finishIteration: () => {},
    dropIteration: iteration => void facts.dropped.push(iteration),
    beginRun: run => void begun.push(run),
    recordRun: run => void facts.recorded.push(run),
    abandonedRuns: () => [],
    unfinishedIterations: () => [],
    recordedIn: () => [],
    moduleState: () => ({}),
    incidents: () => [],
    dropIncidents: () => {},
    slot: name => facts.slots.get(name) ?? null,
    fact: key => remembered.get(key) ?? null,
    setFact: (key, value) => void remembered.set(key, value),
    setSlots: slots => {
      for (const [name, slot] of Object.entries(slots)) facts.slots.set(name, slot);
    },
    addMiss: name => {
      const count = (facts.misses.get(name) ?? 0) + 1;
      facts.misses.set(name, count);
      return count;
    },
  };
}
