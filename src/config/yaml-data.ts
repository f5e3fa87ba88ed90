import { type Alias, isAlias, isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap } from 'yaml';
import type { Path } from './problems.ts';

/** A path of the file with what is wrong there, the line known. */
export interface YamlProblem {
  path: Path;
  line: number | null;
  message: string;
}

const MAX_DEPTH = 20;
const MAX_NODES = 200_000;
const MAX_ALIASES = 50;

/** What is known while a document is turned into data. Begins with `newReading`. */
export interface Reading {
  lineAt(offset: number | undefined): number | null;
  lines: WeakMap<object, Map<string | number, number>>;
  anchors: Map<string, unknown>;
  problems: YamlProblem[];
  nodes: number;
  aliases: number;
  usable: boolean;
}

export function newReading(lineAt: Reading['lineAt']): Reading {
  return {
    lineAt,
    lines: new WeakMap(),
    anchors: new Map(),
    problems: [],
    nodes: 0,
    aliases: 0,
    usable: true,
  };
}

/** The data of a node at a path; what cannot be taken is null, and a problem of the reading. */
export function dataOf(reading: Reading, node: unknown, path: Path): unknown {
  reading.nodes += 1;
  if (reading.nodes > MAX_NODES) return giveUp(reading, node, `holds more than ${MAX_NODES} values`);
  if (path.length > MAX_DEPTH) return giveUp(reading, node, `is nested more than ${MAX_DEPTH} levels deep`);
  if (isAlias(node)) return aliased(reading, node, path);
  if (isScalar(node) || isMap(node) || isSeq(node)) {
    if (node.anchor !== undefined) reading.anchors.set(node.anchor, node);
  }
  if (isMap(node)) return mapping(reading, node, path);
  if (isSeq(node)) return list(reading, node.items, path);
  return isScalar(node) ? scalar(reading, node, path) : null;
}

function aliased(reading: Reading, alias: Alias, path: Path): unknown {
  reading.aliases += 1;
  if (reading.aliases > MAX_ALIASES)
    return giveUp(reading, alias, `has more than ${MAX_ALIASES} aliases (*name)`);
  const target = reading.anchors.get(alias.source);
  if (target !== undefined) return dataOf(reading, target, path);
  return complain(
    reading,
    alias,
    path,
    'is an alias (*name) of nothing: its anchor (&name) must stand above it',
  );
}

function mapping(reading: Reading, map: YAMLMap, path: Path): unknown {
  const result: Record<string, unknown> = Object.create(null);
  const lines = new Map<string | number, number>();
  reading.lines.set(result, lines);
  for (const pair of map.items) {
    const key = keyOf(pair);
    const line = reading.lineAt(offsetOf(pair.key));
    const refusal = refusedKey(key, lines.get(key));
    if (refusal !== null) {
      reading.problems.push({ path: [...path, key], line, message: refusal });
      continue;
    }
    if (line !== null) lines.set(key, line);
    result[key] = dataOf(reading, pair.value, [...path, key]);
  }
  return result;
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value ?? '') : '';
}

function refusedKey(key: string, firstLine: number | undefined): string | null {
  if (firstLine !== undefined) return `is given twice, first on line ${firstLine}: each name once`;
  if (key === '__proto__' || key.includes('\0') || !key.isWellFormed())
    return 'cannot be a name: take another';
  if (key === '<<')
    return 'merge keys are not supported: write the lines out, or use an alias for a whole value';
  return null;
}

function list(reading: Reading, items: unknown[], path: Path): unknown[] {
  const result: unknown[] = [];
  const lines = new Map<string | number, number>();
  reading.lines.set(result, lines);
  for (const [index, item] of items.entries()) {
    const line = reading.lineAt(offsetOf(item));
    if (line !== null) lines.set(index, line);
    result.push(dataOf(reading, item, [...path, index]));
  }
  return result;
}

function scalar(reading: Reading, node: Scalar, path: Path): unknown {
  const { value, source } = node;
  if (typeof value === 'string' && value.includes('\0')) {
    return complain(reading, node, path, 'holds a NUL character (\\0): no text here can');
  }
  if (typeof value === 'string' && !value.isWellFormed()) {
    // Written as an escape: a child would be given U+FFFD in its place.
    return complain(reading, node, path, 'holds half a character (such as \\ud800 alone): write all of it');
  }
  const number = typeof value === 'number' || typeof value === 'boolean';
  if (number && source !== undefined && meansText(path)) return source;
  // `-0` is nought: JSON has no other, and settings that were written out and read again must be the same.
  return value === 0 ? 0 : value;
}

/** Environment and arguments are text: `PORT: 0800` and `VERSION: 1.10` are taken as they are written. */
function meansText([section, , key, , ...deeper]: Path): boolean {
  return (
    (section === 'modules' || section === 'services') &&
    (key === 'env' || key === 'command') &&
    deeper.length === 0
  );
}

function offsetOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
}

function complain(reading: Reading, node: unknown, path: Path, message: string): null {
  reading.problems.push({ path, line: reading.lineAt(offsetOf(node)), message });
  return null;
}

/** The file is refused as a whole: said once, and the rest is no longer looked at. */
function giveUp(reading: Reading, node: unknown, message: string): null {
  if (reading.usable) complain(reading, node, [], `${message}: write a simpler file`);
  reading.usable = false;
  reading.nodes = MAX_NODES;
  return null;
}
