import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { damageIndex, intoTheFile, overwrite } from './damage.ts';
import { BULK, CALM, CUT_SHORT, data, EVENTFUL, live, liveAndDie, onlyFiles, session } from './lives.ts';
import type { Mark } from './operations.ts';
import { toFirstVersion } from './versions.ts';

/** One thing that a supervisor's storage does, to be crashed at each of its steps. */
export interface Scenario {
  name: string;
  what: string;
  /** Makes the workspace as it is before, in an empty folder. */
  prepare(root: string): Promise<void>;
  /** Files in `data/` that are damaged before or meanwhile; none where it is left out. */
  damaged?: string[];
  /** Some runs are lost by the damage, so that not all that was learned can be worked out again. */
  incomplete?: boolean;
  /** It ends in a kill, or changes the store otherwise than through SQLite: only strace can record it. */
  onlyStrace?: boolean;
  /** The work that is recorded; may end the process by a kill. */
  act(root: string, mark: (mark: Mark) => void): Promise<void>;
}

export const SCENARIOS: Scenario[] = [
  {
    name: 'first',
    what: 'the first supervisor of a new workspace, from its start to its end',
    prepare: async () => {},
    act: (root, mark) => live(root, EVENTFUL, { hour: 0, mark }),
  },
  {
    name: 'next',
    what: 'a supervisor after another one that ended in order',
    prepare: root => live(root, EVENTFUL, { hour: 0 }),
    act: (root, mark) => live(root, CALM, { hour: 1, mark }),
  },
  {
    name: 'killed',
    onlyStrace: true,
    what: 'a supervisor that is killed while a run is under way',
    prepare: root => live(root, EVENTFUL, { hour: 0 }),
    async act(root, mark) {
      const open = await session(root, { hour: 1, mark });
      for (const runs of CUT_SHORT) await open.iterate(runs);
    },
  },
  {
    name: 'after-kill',
    what: 'a supervisor after one that was killed while a run was under way and its last lines were being written',
    async prepare(root) {
      liveAndDie(root);
      const log = data(root, 'anomalies.log');
      truncateSync(log, statSync(log).size - 40);
      writeFileSync(data(root, '.performance.json.0123456789abcdef.tmp'), '{"version":');
    },
    act: (root, mark) => live(root, CALM, { hour: 2, mark }),
  },
  {
    name: 'upkeep',
    what: 'samples and runs are rolled up while more of them come, and a baseline is set beside',
    async prepare(root) {
      const open = await session(root, { hour: 0 });
      open.sample([1, 2]);
      for (const runs of EVENTFUL.slice(0, 2)) await open.iterate(runs);
      open.setBaseline(5);
      await open.close();
    },
    async act(root, mark) {
      const open = await session(root, { hour: 1, mark });
      open.sample([3, 4, 5]);
      for (const runs of CALM) await open.iterate(runs);
      open.tidy();
      open.sample([6]);
      open.setBaseline(7);
      await open.iterate(CALM[0] ?? []);
      open.tidy();
      open.sample([7, 8]);
      await open.close();
    },
  },
  {
    name: 'older',
    onlyStrace: true,
    what: 'a store of the version before this one is brought up to date',
    async prepare(root) {
      await live(root, EVENTFUL, { hour: 0 });
      toFirstVersion(data(root, 'watchkeeper.db'));
    },
    act: (root, mark) => live(root, CALM, { hour: 1, mark }),
  },
  {
    name: 'clone',
    what: 'a history is taken over from the files: a fresh clone',
    async prepare(root) {
      await live(root, EVENTFUL, { hour: 0 });
      onlyFiles(root);
    },
    act: (root, mark) => live(root, CALM, { hour: 1, mark }),
  },
  {
    name: 'damaged-performance',
    damaged: ['performance.json'],
    incomplete: true,
    what: 'no store, and a performance.json that is cut off: it is set aside',
    async prepare(root) {
      await live(root, EVENTFUL, { hour: 0 });
      onlyFiles(root);
      truncateSync(data(root, 'performance.json'), 700);
    },
    act: (root, mark) => live(root, CALM, { hour: 1, mark }),
  },
  {
    name: 'edited-log',
    damaged: ['anomalies.log'],
    what: 'an anomalies.log that somebody has edited is set aside and written anew',
    async prepare(root) {
      await live(root, EVENTFUL, { hour: 0 });
      const log = data(root, 'anomalies.log');
      writeFileSync(log, readFileSync(log, 'utf8').replace('anomaly', 'ANOMALY'));
    },
    act: (root, mark) => live(root, CALM, { hour: 1, mark }),
  },
  {
    name: 'no-store',
    onlyStrace: true,
    damaged: ['watchkeeper.db'],
    what: 'a store that is none any more is set aside',
    async prepare(root) {
      await live(root, EVENTFUL, { hour: 0 });
      writeFileSync(data(root, 'watchkeeper.db'), 'no database '.repeat(2_000));
    },
    act: (root, mark) => live(root, CALM, { hour: 1, mark }),
  },
  {
    name: 'damaged-store',
    onlyStrace: true,
    damaged: ['watchkeeper.db'],
    what: 'a store with a damaged page is set aside; it alone knows the last runs',
    async prepare(root) {
      liveAndDie(root);
      damageIndex(data(root, 'watchkeeper.db'));
    },
    act: (root, mark) => live(root, CALM, { hour: 2, mark }),
  },
  {
    name: 'damaged-head',
    onlyStrace: true,
    damaged: ['watchkeeper.db'],
    what: "a store whose beginning is gone is set aside with SQLite's log, which alone holds the runs",
    async prepare(root) {
      liveAndDie(root);
      overwrite(data(root, 'watchkeeper.db'), 0, Buffer.alloc(4096, 0x5a));
    },
    act: (root, mark) => live(root, CALM, { hour: 2, mark }),
  },
  {
    name: 'damaged-in-use',
    onlyStrace: true,
    damaged: ['watchkeeper.db'],
    what: 'a store that is damaged while it is in use is replaced',
    prepare: root => live(root, EVENTFUL, { hour: 0 }),
    async act(root, mark) {
      const open = await session(root, { hour: 1, mark });
      for (const runs of CALM) await open.iterate(runs);
      const path = data(root, 'watchkeeper.db');
      intoTheFile(path);
      overwrite(path, 4096, Buffer.alloc(statSync(path).size - 4096, 0x5a));
      for (const runs of EVENTFUL.slice(0, 2)) await open.iterate(runs);
      await open.close();
    },
  },
  {
    name: 'damaged-page-in-use',
    onlyStrace: true,
    damaged: ['watchkeeper.db'],
    what: 'a store with a damaged page is replaced while it is in use; it alone knows the last run',
    prepare: root => live(root, EVENTFUL, { hour: 0 }),
    async act(root, mark) {
      let recorded = 0;
      const open = await session(root, {
        hour: 1,
        mark(each) {
          mark(each);
          if (each.kind === 'recorded') recorded += 1;
          // Between two runs of an iteration, both with events: the second one's meet the damage.
          if (each.kind === 'recorded' && recorded === 3) damageIndex(data(root, 'watchkeeper.db'));
        },
      });
      for (const runs of [...CALM, ...EVENTFUL.slice(0, 2)]) await open.iterate(runs);
      await open.close();
    },
  },
  {
    name: 'full-log',
    onlyStrace: true,
    what: "SQLite's log is taken into the store and begun anew while runs are recorded",
    prepare: root => live(root, EVENTFUL, { hour: 0 }),
    async act(root, mark) {
      const open = await session(root, { hour: 1, mark });
      for (const runs of [...CALM, ...CALM, ...CALM]) {
        open.store.setFact('bulk', BULK, 'process');
        await open.iterate(runs);
      }
      await open.close();
    },
  },
];

/** @throws where there is none of that name */
export function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find(scenario => scenario.name === name);
  if (found === undefined) throw new Error(`there is no scenario ${name}`);
  return found;
}
