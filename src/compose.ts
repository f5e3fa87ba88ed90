import { join } from 'node:path';
import { monotonicFactory } from 'ulid';
import { CLOCK } from './clock.ts';
import { noteCommitted } from './commits.ts';
import type { Overrides } from './config/environment.ts';
import { rulesWith } from './config/rules.ts';
import { Detection } from './detection.ts';
import type { WatchkeeperError } from './errors.ts';
import { follow } from './follow.ts';
import type { Following } from './follow-requests.ts';
import { currentRepository } from './git/current.ts';
import type { Reporter } from './glossary/reporter.ts';
import type { Sample } from './glossary/sample.ts';
import type { Settings } from './glossary/settings.ts';
import { incidentIdOf } from './judge/incident-id.ts';
import { judgeRun } from './judge.ts';
import { Launcher } from './launch.ts';
import { openMailbox } from './mailbox.ts';
import { processIdentity } from './process-identity.ts';
import { Publisher } from './publish.ts';
import { endOrphans } from './run/orphans.ts';
import { createRunner } from './run/runner.ts';
import { Services } from './run/service.ts';
import { Sampling } from './sampling.ts';
import { countRestarts } from './service-restarts.ts';
import { sweepShared, sweepTemporaries } from './store/atomic.ts';
import { prepareFolders } from './store/folders.ts';
import { type Judge, takeOverHistory } from './store/import.ts';
import { meanOf } from './store/kept-baselines.ts';
import { type Hold, holdWorkspace } from './store/lock.ts';
import { ModelFiles } from './store/models.ts';
import { PerformanceFile } from './store/performance.ts';
import type { Store } from './store/store.ts';
import { Supervisor } from './supervise.ts';
import { allReporters, openSupervisorLog } from './supervisor-log.ts';
import { Trainer } from './trainer.ts';
import { Upkeep } from './upkeep.ts';
import { VERSION } from './version.ts';

export interface OpenSupervisor {
  supervisor: Supervisor;
  /** Begins to watch the configuration, the watched files and the requests of `trigger`. */
  follow(): Promise<void>;
  /** Never resolves; rejects when the supervisor must not go on, because the workspace was taken over. */
  fatal: Promise<never>;
  /** The orderly end: children, services, watchers, files, the workspace. */
  close(): Promise<void>;
}

export interface OpenOptions {
  reporter: Reporter;
  iterations: number | null;
  /** What the environment of the process says in the place of the settings. */
  overrides: Overrides;
}

/**
 * Takes the workspace and constructs its supervisor; the one place where the parts meet.
 *
 * @throws WatchkeeperError 'held', 'store', 'file'
 */
export async function openSupervisor(settings: Settings, options: OpenOptions): Promise<OpenSupervisor> {
  const { data, logs } = prepareFolders(settings.root);
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => undefined); // nobody may be waiting for it any more
  const hold = await holdWorkspace(data, {
    clock: CLOCK,
    identify: processIdentity,
    version: VERSION,
    onLost: lost.reject,
    progress: options.reporter.info,
  });
  const log = openSupervisorLog({ folder: logs, ...settings.logs, clock: CLOCK }, options.reporter.warn);
  const reporter = allReporters([options.reporter, log.reporter]);
  const end = async (): Promise<void> => {
    hold.release();
    await log.close();
  };
  try {
    await takeUp(hold, settings, data, reporter);
    const parts = construct(hold, settings, { data, logs }, { ...options, reporter, onFatal: lost.reject });
    await parts.sampling.start();
    parts.upkeep.start();
    return { ...parts, fatal: lost.promise, close: () => parts.close().finally(end) };
  } catch (error) {
    await end();
    throw error;
  }
}

/** What was there before: a damaged store, a history in files, processes and files of a supervisor that was killed. */
async function takeUp(hold: Hold, settings: Settings, data: string, reporter: Reporter): Promise<void> {
  const { store, setAside } = hold;
  if (setAside !== null) reporter.warn(`the store was damaged: set aside as ${setAside}`);
  const judge: Judge = (state, run, fixedMean = meansIn(store)) => {
    const ruleFor = rulesWith(fixedMean);
    const ruleOf = (metric: string) => ruleFor(settings.detection, run.module, metric);
    return judgeRun(state, run, ruleOf, ({ id }, metric) => incidentIdOf(id, metric));
  };
  const isNew = store.needsHistory();
  for (const message of takeOverHistory(store, data, judge, CLOCK.now())) reporter.info(message);
  noteCommitted(store, isNew);
  for (const orphan of await endOrphans(data, { warn: reporter.warn })) {
    const name = orphan.name ?? 'a process';
    reporter.warn(`ended ${name} (pid ${orphan.pid}), which a killed supervisor had left running`);
  }
  sweepTemporaries(data);
  for (const name of ['bench', 'triggers']) sweepShared(join(data, name), CLOCK.now());
}

function construct(
  hold: Hold,
  first: Settings,
  folders: { data: string; logs: string },
  { reporter, iterations, overrides, onFatal }: OpenOptions & { onFatal: (error: WatchkeeperError) => void },
): Pick<OpenSupervisor, 'supervisor' | 'follow' | 'close'> & { sampling: Sampling; upkeep: Upkeep } {
  const { store, owner } = hold;
  const inEffect = (): Settings => supervisor.settings;
  const newId = monotonicFactory();
  const ruleFor = rulesWith(meansIn(store));
  const { warn } = reporter;
  const runner = createRunner({ clock: CLOCK, warn });
  const write = (samples: readonly Sample[]): void => store.addSamples(samples);
  const owns = (): boolean => store.isOurs();
  const sampling = new Sampling({
    ...{ clock: CLOCK, settings: first, overrides, owns, write, warn, onFatal },
    services: () => services.uses(),
  });
  const launcher = new Launcher({
    ...folders,
    clock: CLOCK,
    logSize: () => inEffect().logs,
    socket: () => sampling.socket(),
    env: process.env,
    warn,
  });
  launcher.prepare();
  const restarts = countRestarts(store, warn);
  const services = new Services({
    runner,
    clock: CLOCK,
    newId,
    specFor: (service, id) => launcher.service(service, id),
    restartsOf: restarts.of,
    onState: (state, message) => {
      restarts.note(state);
      if (message !== null) reporter.info(message);
      publisher.showServices(inEffect());
    },
    onWaiting: (names, limitMs) =>
      reporter.info(`waiting for ${names.join(', ')}, at most ${limitMs / 1000} s`),
  });
  const repository = currentRepository(first.root, reporter);
  const publisher = new Publisher({
    clock: CLOCK,
    store,
    dataFolder: folders.data,
    performance: new PerformanceFile(store, folders.data),
    repository: () => repository.with(inEffect().git),
    reporter,
    services: () => services.states(),
    supervisor: { pid: owner.pid, startedAt: owner.startedAt, version: owner.version },
    firstStartMs: firstStart(store),
    ruleFor,
  });
  const upkeep = new Upkeep({ store, clock: CLOCK, settings: inEffect, warn });
  const files = new ModelFiles(folders.data, () => CLOCK.now());
  files.sweep();
  const trainer = new Trainer({ store, files, clock: CLOCK, warn, lasts: iterations !== 1 });
  const detection = new Detection(store, trainer);
  const supervisor = new Supervisor(
    {
      clock: CLOCK,
      newId,
      history: store,
      runner,
      services,
      reporter,
      launch: (module, run) => launcher.module(module, run),
      revision: () => repository.with(inEffect().git).revision(),
      ruleFor,
      assess: (run, events, settings) => detection.assess(run, events, settings),
      catchUp: current => publisher.catchUp(current),
      note: closed => publisher.note(closed),
      publish: (closed, current) => publisher.publish(closed, current),
    },
    first,
    { iterations, onFatal },
  );
  const onSettings = async (changed: Settings, superseded: AbortSignal): Promise<boolean> => {
    await sampling.reload(changed);
    return supervisor.reload(changed, superseded);
  };
  let following: Following | null = null;
  return {
    supervisor,
    sampling,
    upkeep,
    async follow() {
      following = await follow({
        supervisor,
        settings: first,
        mailbox: openMailbox(first.root),
        reporter,
        onSettings,
      });
    },
    async close() {
      const stopped = supervisor.stop(); // before the watchers: a change that is being taken over may wait for it
      await following?.stop();
      await stopped;
      publisher.leave(inEffect());
      await sampling.stop(); // after the children: what they said last counts
      upkeep.stop();
      await trainer.close();
      await launcher.close();
      await repository.close();
    },
  };
}

/** The baselines that were set. */
const meansIn = (store: Store) => (module: string, metric: string) => meanOf(store.baseline(module, metric));

/** When the workspace was first in operation; from now on, where nobody has noted it. */
function firstStart(store: Store): number {
  const known = store.fact('firstStartMs');
  if (typeof known === 'number') return known;
  const now = CLOCK.now();
  store.setFact('firstStartMs', now);
  return now;
}
