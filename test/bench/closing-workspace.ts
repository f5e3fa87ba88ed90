import { CLOCK } from '../../src/clock.ts';
import { ruleFor } from '../../src/config/rules.ts';
import { openRepository } from '../../src/git/repository.ts';
import { Publisher } from '../../src/publish.ts';
import { PerformanceFile } from '../../src/store/performance.ts';
import { record } from '../../src/supervise/attempt.ts';
import { aRun, historyOf, moduleNames } from './closing-history.ts';
import { type Lap, Laps, type Step } from './closing-laps.ts';
import { openRealParts, type RealParts, SILENT } from './real-parts.ts';
import { inWorkspace } from './workspace.ts';

/** A workspace with a full history, whose iterations can be closed one after the other. */
export interface ClosingWorkspace {
  root: string;
  modules: string[];
  /** Closes an iteration in which these modules have run, and says what each step took. */
  close(ran: string[]): Promise<Record<Step, Lap>>;
}

export async function inClosingWorkspace<T>(
  size: { modules: number; runs: number },
  work: (closing: ClosingWorkspace) => Promise<T>,
): Promise<T> {
  const modules = moduleNames(size.modules);
  return inWorkspace(yamlOf(modules, size.runs), async ({ root }) => {
    const parts = await openRealParts(root);
    try {
      parts.store.adopt(historyOf(modules, size.runs));
      return await work({ root, modules, close: closerOf(parts) });
    } finally {
      await parts.close();
    }
  });
}

/** Each iteration is committed, whatever came of it. */
const yamlOf = (modules: string[], runs: number): string => `
schedule: every 1h
history: { runs: ${runs} }
git: { commitOn: [ok, recovered, persisted, anomaly, error] }
modules:
${modules.map(name => `  ${name}: { command: /bin/true }`).join('\n')}
`;

function closerOf(parts: RealParts): ClosingWorkspace['close'] {
  const { settings, ports, store } = parts;
  const laps = new Laps();
  const publisher = publisherOf(parts, laps);
  return async ran => {
    const startedAt = new Date().toISOString();
    const iteration = store.startIteration(startedAt);
    // One line for the log each time: the first module is slow in every other iteration.
    const done = ran.map((module, index) =>
      aRun(module, iteration, index === 0 && iteration % 2 === 0 ? 0.8 : undefined),
    );
    laps.begin('store');
    const events = done.flatMap(run => record(ports, settings, run));
    const endedAt = new Date().toISOString();
    const openIncidents = store.incidents({ open: true });
    const closed = { iteration, startedAt, endedAt, runs: done, events, openIncidents, notStarted: [] };
    const { commit } = await publisher.publish(closed, settings);
    const taken = laps.take();
    if (commit === null) throw new Error(`iteration ${iteration} was not committed`);
    return taken;
  };
}

function publisherOf({ settings, store, data }: RealParts, laps: Laps): Publisher {
  // A commit that takes longer than its own limit is still to be measured.
  const options = { settings: settings.git, timeoutMs: 120_000, warn: SILENT.warn, info: SILENT.info };
  const repository = openRepository(settings.root, options);
  return new Publisher(
    laps.inside({
      ...{ clock: CLOCK, store, dataFolder: data, reporter: SILENT, ruleFor, firstStartMs: 0 },
      performance: new PerformanceFile(store, data),
      repository: () => repository,
      services: () => [],
      supervisor: { pid: process.pid, startedAt: new Date().toISOString(), version: '0.0.0' },
    }),
  );
}
