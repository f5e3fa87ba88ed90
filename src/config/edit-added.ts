import { isMap, isScalar, type Pair, type YAMLMap } from 'yaml';
import {
  afterLine,
  areApart,
  type Edit,
  endOf,
  indentOf,
  isEmpty,
  isNull,
  quotesOf,
  stepOf,
} from './edit-layout.ts';
import { type Quotes, type Settable, scalarText } from './edit-scalar.ts';
import type { Path } from './problems.ts';

/** A key of a mapping, with the mappings below it down to the value. */
export function added(text: string, root: unknown, map: YAMLMap, keys: Path, value: Settable): Edit | null {
  if (!areNames(keys)) return null;
  const last = map.items.at(-1);
  const quotes = last === undefined ? 'none' : keyQuotes(last);
  if (map.flow === true) return addedInBraces(text, map, inBraces(keys, value, quotes));
  const indent = last === undefined ? null : indentOf(text, map);
  if (last === undefined || indent === null) return null;
  const nested = isMap(last.value) && last.value.flow === true;
  const lines = nested
    ? [indent + inBraces(keys, value, quotes)]
    : blockLines(keys, value, indent, stepOf(text, root), quotes);
  const isApart = map === root && areApart(text, map);
  return afterLine(text, endOf(last), isApart ? ['', ...lines] : lines);
}

function addedInBraces(text: string, map: YAMLMap, entry: string): Edit | null {
  const last = map.items.at(-1);
  if (last !== undefined) {
    const end = endOf(last);
    return end === null ? null : { start: end, end, text: `, ${entry}` };
  }
  const [start, end] = map.range ?? [0, 0];
  if (!/^\{\s*\}$/.test(text.slice(start, end))) return null;
  return { start, end, text: `{ ${entry} }` };
}

/** `key:` or `key: null` becomes a mapping. */
export function begun(
  text: string,
  root: unknown,
  map: YAMLMap,
  pair: Pair,
  keys: Path,
  value: Settable,
): Edit | null {
  if (!areNames(keys)) return null;
  const entry = `{ ${inBraces(keys, value, keyQuotes(pair))} }`;
  if (!isEmpty(pair.value)) {
    const [start, end] = isNull(pair.value) ? (pair.value.range ?? [0, 0]) : [0, 0];
    return { start, end, text: entry };
  }
  if (map.flow === true) return filled(text, pair, entry);
  const indent = indentOf(text, map);
  const step = stepOf(text, root);
  if (indent === null || !isScalar(pair.key)) return null;
  return afterLine(text, pair.key.range?.[1] ?? null, blockLines(keys, value, indent + step, step, 'none'));
}

/** A list is not made, nor made longer. */
function areNames(keys: Path): keys is string[] {
  return keys.every(key => typeof key === 'string');
}

/** `collector: { timeout: 1m }` */
function inBraces(keys: string[], value: Settable, quotes: Quotes): string {
  const [key = '', ...deeper] = keys;
  const valueQuotes = quotes === 'double' ? 'double' : 'none';
  const rest =
    deeper.length === 0 ? scalarText(value, valueQuotes) : `{ ${inBraces(deeper, value, quotes)} }`;
  return `${scalarText(key, quotes)}: ${rest}`;
}

function blockLines(keys: string[], value: Settable, indent: string, step: string, quotes: Quotes): string[] {
  return keys.map((key, depth) => {
    const isLast = depth === keys.length - 1;
    return `${indent}${step.repeat(depth)}${scalarText(key, quotes)}:${isLast ? ` ${scalarText(value, 'none')}` : ''}`;
  });
}

function keyQuotes({ key }: Pair): Quotes {
  return isScalar(key) ? quotesOf(key) : 'none';
}

export function filled(text: string, pair: Pair, value: string): Edit | null {
  const end = isScalar(pair.key) ? (pair.key.range?.[1] ?? null) : null;
  const colon = end === null ? null : /^[ ]*:/.exec(text.slice(end, end + 100));
  if (end === null || colon === null) return null;
  const at = end + colon[0].length;
  return { start: at, end: at, text: ` ${value}` };
}
