import { monotonicFactory } from 'ulid';
import { CLOCK } from '../../src/clock.ts';
import { loadSettings } from '../../src/config/load.ts';
import { ruleFor } from '../../src/config/rules.ts';
import { Detection } from '../../src/detection.ts';
import type { Reporter } from '../../src/glossary/reporter.ts';
import type { ModuleSettings, Settings } from '../../src/glossary/settings.ts';
import { Launcher } from '../../src/launch.ts';
import { processIdentity } from '../../src/process-identity.ts';
import { createRunner } from '../../src/run/runner.ts';
import { prepareFolders } from '../../src/store/folders.ts';
import { holdWorkspace } from '../../src/store/lock.ts';
import type { Store } from '../../src/store/store.ts';
import type { Ports } from '../../src/supervise/ports.ts';
import { VERSION } from '../../src/version.ts';

/** The parts of a supervisor around a workspace, constructed as the product does it, for measuring some of them alone. */
export interface RealParts {
  settings: Settings;
  module: ModuleSettings;
  data: string;
  store: Store;
  ports: Ports;
  close(): Promise<void>;
}

export const SILENT: Reporter = {
  runEnded: () => undefined,
  iterationEnded: () => undefined,
  info: () => undefined,
  warn: message => process.emitWarning(message),
};

export async function openRealParts(root: string): Promise<RealParts> {
  const loaded = await loadSettings(root);
  const module = loaded.ok ? loaded.settings.modules[0] : undefined;
  if (!loaded.ok || module === undefined) throw new Error(`the workspace of the benchmark: ${loaded.ok}`);
  const { settings } = loaded;
  const { data, logs } = prepareFolders(root);
  const hold = await holdWorkspace(data, {
    clock: CLOCK,
    identify: processIdentity,
    version: VERSION,
    onLost: error => SILENT.warn(error.message),
  });
  const { warn } = SILENT;
  const launcher = new Launcher({
    data,
    logs,
    clock: CLOCK,
    logSize: () => settings.logs,
    socket: () => null,
    env: process.env,
    warn,
  });
  launcher.prepare();
  const detection = new Detection(hold.store, null);
  const ports: Ports = {
    clock: CLOCK,
    catchUp: () => undefined,
    newId: monotonicFactory(),
    history: hold.store,
    runner: createRunner({ clock: CLOCK, warn }),
    services: NO_SERVICES,
    reporter: SILENT,
    launch: (command, run) => launcher.module(command, run),
    revision: async () => null,
    ruleFor,
    assess: (run, events, of) => detection.assess(run, events, of),
    note: () => Promise.reject(new Error('no part of this measurement')),
    publish: () => Promise.reject(new Error('no part of this measurement')),
  };
  const close = async (): Promise<void> => {
    await launcher.close();
    hold.release();
  };
  return { settings, module, data, store: hold.store, ports, close };
}

/** A run outside any iteration. */
export const ALONE = { onChild: () => undefined, pause: async () => undefined, stopping: () => false };

const NO_SERVICES: Ports['services'] = {
  start: () => undefined,
  update: async () => undefined,
  ready: async () => [],
  stop: async () => undefined,
  kill: () => undefined,
};
