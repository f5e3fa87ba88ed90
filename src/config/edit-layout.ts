import { isAlias, isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap } from 'yaml';
import type { Quotes } from './edit-scalar.ts';

/** What stands from `start` to `end` is replaced; where they are equal, something is put in. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

export function quotesOf({ type }: Scalar): Quotes {
  if (type === 'QUOTE_SINGLE') return 'single';
  return type === 'QUOTE_DOUBLE' ? 'double' : 'none';
}

/** `key:` with nothing after it. */
export function isEmpty(node: unknown): boolean {
  return (
    node === null || (isScalar(node) && node.range?.[0] === node.range?.[1] && node.anchor === undefined)
  );
}

/** `key: null`, `key: ~`. */
export function isNull(node: unknown): node is Scalar {
  return isScalar(node) && node.value === null && node.anchor === undefined;
}

/** Lines below the one in which something ends; a block text ends with its line break. */
export function afterLine(text: string, end: number | null, lines: string[]): Edit | null {
  if (end === null) return null;
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  if (text[end - 1] === '\n') return { start: end, end, text: lines.map(line => line + eol).join('') };
  const rest = /\r?\n/.exec(text.slice(end));
  const at = rest === null ? text.length : end + rest.index;
  return { start: at, end: at, text: lines.map(line => eol + line).join('') };
}

/** Where the text of a pair ends: of blocks the last thing in them, as their own range takes in what follows. */
export function endOf(pair: Pair): number | null {
  return endOfNode(pair.value) ?? endOfNode(pair.key);
}

function endOfNode(node: unknown): number | null {
  if (isMap(node) && node.flow !== true) {
    const last = node.items.at(-1);
    return last === undefined ? null : endOf(last);
  }
  if (isSeq(node) && node.flow !== true) return endOfNode(node.items.at(-1));
  return isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? (node.range?.[1] ?? null) : null;
}

/** What stands before the keys of a block; null where that is more than blanks and the dashes of lists. */
export function indentOf(text: string, map: YAMLMap): string | null {
  const key = map.items[0]?.key;
  const start = isScalar(key) ? (key.range?.[0] ?? null) : null;
  if (start === null) return null;
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return /^ *(?:- +)*$/.test(before) ? ' '.repeat(before.length) : null;
}

/** By how much the file indents: as its first block within a block does. */
export function stepOf(text: string, root: unknown): string {
  const blocks = isMap(root) ? root.items.map(({ value }) => value).filter(isMap) : [];
  const first = blocks.find(({ flow, items }) => flow !== true && items.length > 0);
  const step = first === undefined ? null : indentOf(text, first);
  return step === null || step === '' ? '  ' : step;
}

/** Whether an empty line stands before the last key: then one belongs before the next key, too. */
export function areApart(text: string, { items }: YAMLMap): boolean {
  const [previous, last] = items.slice(-2);
  if (previous === undefined || last === undefined) return false;
  const [start, end] = [endOf(previous), isScalar(last.key) ? last.key.range?.[0] : null];
  return start !== null && typeof end === 'number' && /\n[ ]*\r?\n/.test(text.slice(start, end));
}
