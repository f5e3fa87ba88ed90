import { isDeepStrictEqual } from 'node:util';
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { added, begun, filled } from './edit-added.ts';
import { type Edit, isEmpty, isNull, quotesOf } from './edit-layout.ts';
import { type Settable, scalarText } from './edit-scalar.ts';
import type { Path } from './problems.ts';
import { readYaml } from './yaml.ts';

/**
 * Sets one value in a YAML text and leaves every other byte as it is: comments, order, quotes, anchors, line ends. Mappings
 * that are missing on the way are made. What comes out is read again, and counts only where nothing but that value has changed.
 *
 * @returns null where that cannot be done: the text is not read, the place is shared through an anchor, holds a list or a
 *   mapping, or is written in an unusual form
 */
export function editedText(text: string, path: Path, value: Settable): string | null {
  const before = readYaml(text);
  if (!before.usable || before.problems.length > 0 || path.length === 0) return null;
  if (!canHold(before.value, path)) return null;
  const wanted = withValue(before.value, path, value);
  if (isDeepStrictEqual(before.value, wanted)) return text;
  const edit = editOf(text, path, value);
  if (edit === null) return null;
  const edited = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  const after = readYaml(edited);
  const isGood = after.usable && after.problems.length === 0 && isDeepStrictEqual(after.value, wanted);
  return isGood ? edited : null;
}

type Data = Record<string | number, unknown>;

/** Whether each part of the path is a name where it meets a mapping, and a position where it meets a list. */
function canHold(data: unknown, [part, ...rest]: Path): boolean {
  if (part === undefined) return true;
  if (part === '__proto__' || (Array.isArray(data) && typeof part !== 'number')) return false;
  const isData = typeof data === 'object' && data !== null;
  return canHold(isData ? (data as Data)[part] : null, rest);
}

/** A copy of the data in which the value is set. */
function withValue(data: unknown, [part, ...rest]: Path, value: Settable): unknown {
  if (part === undefined) return value;
  const isData = typeof data === 'object' && data !== null;
  const copy: Data = Array.isArray(data)
    ? ([...data] as unknown as Data)
    : Object.assign(Object.create(null), isData ? data : {});
  copy[part] = withValue(isData ? (data as Data)[part] : null, rest, value);
  return copy;
}

/** Goes down the path as far as the file does, and changes or adds there. */
function editOf(text: string, path: Path, value: Settable): Edit | null {
  const root: unknown = parseDocument(text, {
    prettyErrors: false,
    uniqueKeys: false,
    stringKeys: true,
  }).contents;
  let node = root;
  for (const [depth, part] of path.slice(0, -1).entries()) {
    const below = path.slice(depth + 1);
    const pair = isMap(node) ? pairOf(node, part) : undefined;
    if (isMap(node) && pair === undefined) return added(text, root, node, [part, ...below], value);
    if (isMap(node) && pair !== undefined && (isEmpty(pair.value) || isNull(pair.value)))
      return begun(text, root, node, pair, below, value);
    node = pair === undefined ? itemOf(node, part) : pair.value;
  }
  const last = path.at(-1) ?? '';
  if (!isMap(node)) return replaced(itemOf(node, last), value);
  const pair = pairOf(node, last);
  if (pair === undefined) return added(text, root, node, [last], value);
  return isEmpty(pair.value) ? filled(text, pair, scalarText(value, 'none')) : replaced(pair.value, value);
}

function pairOf(map: YAMLMap, part: string | number): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && String(key.value ?? '') === part);
}

function itemOf(node: unknown, part: string | number): unknown {
  return isSeq(node) && typeof part === 'number' ? node.items[part] : undefined;
}

function replaced(node: unknown, value: Settable): Edit | null {
  if (!isOneLiner(node) || node.range === undefined || node.range === null) return null;
  const [start, end] = node.range;
  return { start, end, text: scalarText(value, isScalar(node) ? quotesOf(node) : 'none') };
}

/** A block text (`|`, `>`) is none: its lines are not replaced by one. */
function isOneLiner(node: unknown): node is Scalar | Alias {
  return isAlias(node) || (isScalar(node) && node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED');
}
