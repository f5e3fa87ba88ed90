import { GitFailure } from './failure.ts';
import { type GitObject, gitObject, type ObjectFormat } from './objects.ts';

/** A file as a tree or the index has it: `100644 OBJECTID`; null: not there. */
export type Entry = string | null;

export const FILE_MODE = '100644';
const FOLDER_MODE = '40000';

/** A tree: mode and object id by name. Names are bytes, kept one byte a character (latin1): none is ever changed. */
export type Tree = Map<string, { mode: string; oid: string }>;

/** The name of a file as a tree has it. */
export function treeName(name: string): string {
  return Buffer.from(name).toString('latin1');
}

/** Reads the body of a tree object: `MODE NAME NUL ID`, again and again, the id in binary. */
export function parseTree(format: ObjectFormat, body: Buffer): Tree {
  const idLength = format === 'sha256' ? 32 : 20;
  const tree: Tree = new Map();
  for (let start = 0; start < body.length; ) {
    const space = body.indexOf(0x20, start);
    const end = body.indexOf(0, space);
    const next = end + 1 + idLength;
    if (space < 0 || end < 0 || next > body.length) throw new GitFailure('git gave a tree that is cut short');
    const name = body.toString('latin1', space + 1, end);
    tree.set(name, { mode: body.toString('latin1', start, space), oid: body.toString('hex', end + 1, next) });
    start = next;
  }
  return tree;
}

/** The tree as git writes it: in the order of the names' bytes, a folder's as if it ended in `/`. */
function treeObject(format: ObjectFormat, tree: Tree): GitObject {
  const entries = [...tree].map(([name, { mode, oid }]) => ({
    key: mode === FOLDER_MODE ? `${name}/` : name,
    bytes: Buffer.concat([Buffer.from(`${mode} ${name}\0`, 'latin1'), Buffer.from(oid, 'hex')]),
  }));
  entries.sort((a, b) => (a.key < b.key ? -1 : 1));
  return gitObject(format, 'tree', Buffer.concat(entries.map(({ bytes }) => bytes)));
}

/**
 * The trees of a commit from its root down to one folder: all that a commit of files in that folder has to read and
 * to write, however many files the repository has.
 */
export interface TreePath {
  /** The names of the folders below the root. */
  steps: string[];
  /** One more than `steps`, the root first. What the commit lacks is empty. */
  trees: Tree[];
}

/** The entry of a file directly in the last folder. */
export function entryOf({ trees }: TreePath, name: string): Entry {
  const found = trees.at(-1)?.get(treeName(name));
  return found === undefined ? null : `${found.mode} ${found.oid}`;
}

/** What becomes of the path when its last folder gets these files (object ids by name), and its new trees, the root last. */
export function graft(
  format: ObjectFormat,
  { steps, trees }: TreePath,
  files: Map<string, string>,
): { path: TreePath; objects: GitObject[] } {
  const objects: GitObject[] = [];
  const grown: Tree[] = [];
  let additions: Tree = new Map([...files].map(([name, oid]) => [treeName(name), { mode: FILE_MODE, oid }]));
  for (let depth = trees.length - 1; depth >= 0; depth -= 1) {
    const tree = new Map([...(trees[depth] ?? []), ...additions]);
    const object = treeObject(format, tree);
    grown.unshift(tree);
    objects.push(object);
    additions = new Map([[treeName(steps[depth - 1] ?? ''), { mode: FOLDER_MODE, oid: object.oid }]]);
  }
  return { path: { steps, trees: grown }, objects };
}
