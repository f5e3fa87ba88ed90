import type { Operation, Recording } from './operations.ts';

/** A protocol that is wrong on purpose: what was recorded, changed as if the product had done it so. */
export interface Mutation {
  what: string;
  /** One of the problems that it must lead to. */
  expected: RegExp;
  mutate(recording: Recording): Operation[];
}

type Path = string | RegExp;

const TEMPORARY = /^data\/\.performance\.json\..*\.tmp$/;
const LOG = 'data/anomalies.log';
const WAL = 'data/watchkeeper.db-wal';
const STORE = 'data/watchkeeper.db';

export const MUTATIONS: Mutation[] = [
  {
    what: 'performance.json is renamed into place without an fsync of its data',
    expected: /performance is not whole/,
    mutate: recording => withoutSync(recording, TEMPORARY),
  },
  {
    what: 'performance.json is renamed into place without an fsync of the folder',
    expected: /performance is older than what was shown/,
    mutate: ({ operations }) =>
      operations.filter(
        ({ kind }, index) => kind !== 'syncFolder' || operations[index - 1]?.kind !== 'rename',
      ),
  },
  {
    what: 'performance.json is written in place',
    expected: /performance is not whole/,
    mutate: writtenInPlace,
  },
  {
    what: 'a run is acknowledged before it is committed',
    expected: /was acknowledged and is lost/,
    mutate: ({ operations }) => operations.flatMap(acknowledgedEarly),
  },
  {
    what: "SQLite's log is not synced when a run is committed",
    expected: /was acknowledged and is lost/,
    mutate: recording => withoutSync(recording, WAL),
  },
  {
    what: 'performance.json shows a run before it is committed',
    expected: /was named by a file and is lost|performance\.json showed run/,
    mutate: shownEarly,
  },
  {
    what: 'anomalies.log is shown without an fsync',
    expected: /log is older than what was shown|log is no version of it/,
    mutate: recording => withoutSync(recording, LOG),
  },
  {
    what: 'anomalies.log gets each line twice',
    expected: /the log held/,
    mutate: doubled,
  },
  {
    what: "SQLite's log is removed before what was in it is safe in the store",
    expected: /was acknowledged and is lost|set aside without need/,
    mutate: recording => withoutSync(recording, STORE),
  },
];

function withoutSync(recording: Recording, path: Path): Operation[] {
  const nodes = nodesAt(recording, path);
  return recording.operations.filter(operation => operation.kind !== 'sync' || !nodes.has(operation.node));
}

/** All files that have ever had such a name. */
function nodesAt({ base, operations }: Recording, path: Path): Set<number> {
  const fits = (name: string): boolean => (typeof path === 'string' ? name === path : path.test(name));
  const created = operations.flatMap(operation => (operation.kind === 'create' ? [operation] : []));
  return new Set([...base, ...created].filter(each => fits(each.path)).map(({ node }) => node));
}

/** Each run is acknowledged where it is only about to be recorded. */
function acknowledgedEarly(operation: Operation): Operation[] {
  if (operation.kind !== 'mark') return [operation];
  const { mark } = operation;
  if (mark.kind === 'recorded') return [];
  return mark.kind === 'intended'
    ? [operation, { kind: 'mark', mark: { kind: 'recorded', id: mark.id } }]
    : [operation];
}

/** What was written to the new file is written to the old one. */
function writtenInPlace(recording: Recording): Operation[] {
  const target = [...nodesAt(recording, 'data/performance.json')][0];
  const temporary = nodesAt(recording, TEMPORARY);
  if (target === undefined) throw new Error('there is no performance.json in the beginning');
  return recording.operations.flatMap((operation): Operation[] => {
    if (operation.kind === 'create' && temporary.has(operation.node))
      return [{ kind: 'resize', node: target, size: 0 }];
    if (operation.kind === 'rename' && TEMPORARY.test(operation.from)) return [];
    return 'node' in operation && temporary.has(operation.node)
      ? [{ ...operation, node: target }]
      : [operation];
  });
}

/** The last performance.json, from its making to the fsync of the folder, comes before the last run is recorded. */
function shownEarly(recording: Recording): Operation[] {
  const { operations } = recording;
  const temporary = nodesAt(recording, TEMPORARY);
  const begin = operations.findLastIndex(each => each.kind === 'create' && temporary.has(each.node));
  const end = operations.findIndex((each, index) => index > begin && each.kind === 'syncFolder') + 1;
  const before = operations.findLastIndex(each => each.kind === 'mark' && each.mark.kind === 'intended') + 1;
  return [
    ...operations.slice(0, before),
    ...operations.slice(begin, end),
    ...operations.slice(before, begin),
    ...operations.slice(end),
  ];
}

function doubled(recording: Recording): Operation[] {
  const nodes = nodesAt(recording, LOG);
  return recording.operations.flatMap((operation): Operation[] => {
    if (operation.kind !== 'write' || !nodes.has(operation.node)) return [operation];
    return [operation, { ...operation, offset: operation.offset + operation.data.length }];
  });
}
