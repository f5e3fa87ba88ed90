import type { Operation, Recording } from './operations.ts';

/**
 * After which operations of a recording a crash is tried, as numbers from 1 on.
 *
 * Within one burst of writes to the same file (SQLite's log, above all) a crash leaves much the same wherever it strikes: of
 * those moments a sample is taken, of all others each.
 *
 * @param middles how many moments inside bursts are taken
 */
export function allMoments({ operations }: Recording, middles: number, random: () => number): Set<number> {
  const moments = operations.flatMap((operation, index) => (changesNothing(operation) ? [] : [index + 1]));
  const [inside, others] = split(moments, moment => isInside(operations, moment));
  return new Set([...others, ...sample(inside, middles, random)]);
}

/**
 * A small selection that meets each sort of operation once: what differs only in a number, or is in another iteration, is of the
 * same sort.
 *
 * @param met the sorts that earlier recordings have met; it grows
 * @param more so many further moments by chance
 */
export function someMoments(
  recording: Recording,
  met: Set<string>,
  more: number,
  random: () => number,
): Set<number> {
  const all = [...allMoments(recording, 20, random)];
  const sorts = Map.groupBy(all, moment => sortOf(recording, moment));
  const fresh = [...sorts].filter(([sort]) => !met.has(sort) || MOVES_STORE.test(sort));
  for (const [sort] of fresh) met.add(sort);
  return new Set([
    ...fresh.flatMap(([, moments]) => sample(moments, 1, random)),
    ...sample(all, more, random),
  ]);
}

/** What becomes of a store that is moved depends on what was in it: that is of no sort that was met before. */
const MOVES_STORE = /^(?:rename|remove) data\/watchkeeper\.db(?!\.suspect)/;

/** The moments at which a wrong protocol would show itself, in the second half of a recording. */
export function tellingMoments({ operations }: Recording): Set<number> {
  const telling = operations.flatMap((operation, index) => {
    const isTelling =
      ['rename', 'remove', 'resize', 'mark'].includes(operation.kind) && !changesNothing(operation);
    const isLine = operation.kind === 'write' && operation.data.at(-1) === 0x0a;
    return isTelling || isLine ? [index + 1] : [];
  });
  return new Set(telling.filter(moment => moment > operations.length / 2));
}

/** Marks of what is only about to be leave no other state, and acknowledge nothing. */
function changesNothing(operation: Operation): boolean {
  if (operation.kind === 'given') return true; // the calls around it are moments enough
  return (
    operation.kind === 'mark' &&
    ['intended', 'beginning', 'sampling', 'setting'].includes(operation.mark.kind)
  );
}

function isInside(operations: Operation[], moment: number): boolean {
  const [now, next] = [operations[moment - 1], operations[moment]];
  return now?.kind === 'write' && next?.kind === 'write' && now.node === next.node;
}

function sortOf({ base, operations }: Recording, moment: number): string {
  const names = new Map(base.map(({ node, path }) => [node, path]));
  for (const operation of operations.slice(0, moment))
    if (operation.kind === 'create') names.set(operation.node, operation.path);
  const operation = operations[moment - 1];
  if (operation === undefined) return '';
  const what = operation.kind === 'mark' ? operation.mark.kind : placeOf(operation, names);
  return `${operation.kind} ${what.replaceAll(/[0-9a-f]{16}|\d{8}T[\d.]+Z/g, '*')} ${isInside(operations, moment)}`;
}

function placeOf(operation: Exclude<Operation, { kind: 'mark' }>, names: Map<number, string>): string {
  if (operation.kind === 'rename' || operation.kind === 'link') return `${operation.from} ${operation.to}`;
  return 'path' in operation ? operation.path : (names.get(operation.node) ?? '');
}

function split<Each>(all: Each[], isFirst: (each: Each) => boolean): [Each[], Each[]] {
  return [all.filter(isFirst), all.filter(each => !isFirst(each))];
}

/** So many of them, each as likely as any other. */
function sample<Each>(all: readonly Each[], count: number, random: () => number): Each[] {
  const keyed = all.map(each => ({ each, key: random() })).sort((a, b) => a.key - b.key);
  return keyed.slice(0, count).map(({ each }) => each);
}
