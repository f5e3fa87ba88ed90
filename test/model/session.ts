import { dirname, join } from 'node:path';
import { givenBaseline } from '../../src/baseline/make-baseline.ts';
import { noteCommitted } from '../../src/commits.ts';
import { ruleFor } from '../../src/config/rules.ts';
import type { Clock } from '../../src/glossary/clock.ts';
import type { Settings } from '../../src/glossary/settings.ts';
import { incidentIdOf } from '../../src/judge/incident-id.ts';
import { judgeRun } from '../../src/judge.ts';
import { Publisher } from '../../src/publish.ts';
import { amending } from '../../src/store/amend.ts';
import { sweepTemporaries } from '../../src/store/atomic.ts';
import { prepareFolders } from '../../src/store/folders.ts';
import { type Judge, takeOverHistory } from '../../src/store/import.ts';
import { type Hold, holdWorkspace } from '../../src/store/lock.ts';
import { STORE_FILE } from '../../src/store/open-to-read.ts';
import { PerformanceFile } from '../../src/store/performance.ts';
import type { Store } from '../../src/store/store.ts';
import { Supervisor } from '../../src/supervise.ts';
import { Upkeep } from '../../src/upkeep.ts';
import { DETECTION, module, settingsOf } from '../supervise/played.ts';
import { type PlannedRun, type PlayOptions, portsOf } from './played-ports.ts';

export const MODULES = ['collector', 'backtester'] as const;

/** The second module comes after the first and is tried again once; the metric `rows` opens and ends incidents quickly. */
export const SETTINGS: Settings = {
  ...settingsOf([
    module('collector'),
    module('backtester', { after: ['collector'], retries: 1, retryDelayMs: 0 }),
  ]),
  detection: { ...DETECTION, window: 2, recoveryRuns: 2 },
  historyRuns: 10_000,
  keepMs: 400 * 86_400_000,
  samplesMs: 400 * 86_400_000,
};

/** The one series of samples, and the one baseline that is set. */
export const SAMPLED = { source: 'system', metric: 'load1' };
export const BASELINE = 'collector.memoryMb';

const KEEPING = { keepMs: SETTINGS.keepMs, samplesMs: SETTINGS.samplesMs, leastRuns: SETTINGS.historyRuns };

function setBaseline(path: string, mean: number): void {
  const [module = '', metric = ''] = BASELINE.split('.');
  const kept = { module, metric, setAt: new Date(0).toISOString(), source: 'said so' };
  const baseline = { ...givenBaseline(mean), ...kept, values: [], timesMs: [] };
  amending(dirname(dirname(path)), writes => writes.setBaselines([baseline]));
}

const ruleOf = (name: string) => (metric: string) => ruleFor(SETTINGS.detection, name, metric);

/** The rule, as the loop applies it. */
export const judge: Judge = (state, run) =>
  judgeRun(state, run, ruleOf(run.module), ({ id }, metric) => incidentIdOf(id, metric));

export interface SessionOptions extends PlayOptions {
  root: string;
  /** Who we are: no other process, and on which boot of the machine. */
  identity: { startTime: string; bootId: string };
}

export interface Session {
  hold: Hold;
  store: Store;
  /** What the user was told. */
  messages: string[];
  /** One iteration with these runs, in the order in which they are started: collector, then backtester. */
  iterate(runs: PlannedRun[]): Promise<void>;
  /** Samples of a series of the machine. */
  sample(values: number[]): void;
  /** All the housekeeping that there is to do. */
  tidy(): void;
  /** What `set-baseline` does beside the supervisor. */
  setBaseline(mean: number): void;
  /** The orderly end. */
  close(): Promise<void>;
}

/** A supervisor with its own storage and loop, constructed as `compose.ts` does; children, services and git are played. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { root, startMs, identity } = options;
  const clock = aClock(startMs);
  const messages: string[] = [];
  const { data } = prepareFolders(root);
  const hold = await holdWorkspace(data, {
    clock,
    identify: pid => (pid === process.pid ? identity : null),
    version: '0.0.0',
    host: 'here',
    onLost: error => messages.push(error.message),
  });
  const { store } = hold;
  const planned: PlannedRun[] = [];
  try {
    takeUp(hold, data, clock, messages);
    const publisher = aPublisher(store, data, clock, messages);
    const ports = portsOf(options, { store, clock, publisher, planned, messages });
    const supervisor = new Supervisor(ports, SETTINGS, { iterations: null, onFatal: rethrow });
    await supervisor.open();
    return {
      ...{ hold, store, messages },
      async iterate(runs) {
        planned.push(...runs);
        await supervisor.trigger(['collector', 'backtester'], 'manual').ended;
      },
      sample(values) {
        options.mark?.({ kind: 'sampling', values });
        store.addSamples(values.map(value => ({ timeMs: startMs, ...SAMPLED, labels: {}, value })));
        options.mark?.({ kind: 'sampled' });
      },
      tidy: () => {
        while (store.keepHouse(KEEPING, clock.now()));
      },
      setBaseline(mean) {
        options.mark?.({ kind: 'setting', mean });
        setBaseline(join(data, STORE_FILE), mean);
        options.mark?.({ kind: 'set' });
      },
      async close() {
        await supervisor.stop();
        new Upkeep({
          store,
          clock,
          settings: () => SETTINGS,
          warn: message => messages.push(message),
        }).stop();
        publisher.showServices(SETTINGS);
        hold.release();
      },
    };
  } catch (error) {
    hold.release();
    throw error;
  }
}

function rethrow(error: unknown): never {
  throw error;
}

/** Longer than a run takes: its end lies before the next look. */
const TICK_MS = 20;

function aClock(startMs: number): Clock {
  let now = startMs;
  const next = (): number => {
    now += TICK_MS;
    return now;
  };
  return { now: next, monotonic: next };
}

/** As `compose.ts` takes up what was there before, but for left-over processes. */
function takeUp({ store }: Hold, data: string, clock: Clock, messages: string[]): void {
  const isNew = store.needsHistory();
  messages.push(...takeOverHistory(store, data, judge, clock.now()));
  noteCommitted(store, isNew);
  sweepTemporaries(data);
}

function aPublisher(store: Store, dataFolder: string, clock: Clock, messages: string[]): Publisher {
  const tell = (message: string): void => void messages.push(message);
  return new Publisher({
    ...{ clock, store, dataFolder, firstStartMs: 0, ruleFor },
    performance: new PerformanceFile(store, dataFolder),
    repository: () => {
      throw new Error('no git is played');
    },
    reporter: { info: tell, warn: tell, runEnded: () => {}, iterationEnded: () => {} },
    services: () => [],
    supervisor: { pid: 1, startedAt: new Date(clock.now()).toISOString(), version: '0.0.0' },
  });
}
