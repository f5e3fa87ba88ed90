import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { type Git, output } from './call.ts';
import type { Content } from './files.ts';
import type { KnownTrees } from './memory.ts';
import { type GitObject, gitObject, type ObjectFormat, packOf } from './objects.ts';
import { AUTHOR_EMAIL, AUTHOR_NAME } from './own.ts';
import { loosePath } from './private-folder.ts';
import { readTrees } from './read-trees.ts';
import type { Target } from './target.ts';
import { type Entry, entryOf, FILE_MODE, graft, type TreePath } from './tree.ts';

/** A commit that is thought out but not written yet. */
export interface Draft {
  sha: string;
  /** All that is new: contents, folders, and the commit itself. Empty: the branch has everything already. */
  objects: NamedObject[];
  files: DraftFile[];
  /** The folders of the commit, down to that of the files. */
  trees: KnownTrees;
}

/** An object with the path at which the commit has it: '' for the root and the commit itself. */
export interface NamedObject extends GitObject {
  path: string;
}

export interface DraftFile {
  /** From the root of the repository. */
  path: string;
  /** What the branch has, and what it gets. */
  before: Entry;
  after: Entry;
}

/** Works the commit out; reads a few trees unless they are known, writes nothing. */
export async function draftCommit(
  git: Git,
  { place, parent }: Target,
  contents: Content[],
  message: string,
  nowMs: number,
  known: KnownTrees | null,
): Promise<Draft> {
  const { format, prefix } = place;
  const folders = new Set(contents.map(({ file }) => prefix + posix.dirname(file)));
  const [folder = `${prefix}data`] = folders;
  if (folders.size > 1) throw new Error('a commit takes files of one folder only');
  // Known or not, the newest commit has to be there: one on top of a damaged repository would be lost when that is mended.
  const isKnown =
    known?.commit === parent && known.folder === folder && existsSync(loosePath(place, known.commit));
  const path = isKnown ? known.path : await readTrees(git, format, parent, folder);
  const drafted = contents.map(({ file, bytes }) => {
    const name = posix.basename(file);
    const blob = gitObject(format, 'blob', bytes);
    const before = entryOf(path, name);
    const isNew = before === null || !before.startsWith('100') || !before.endsWith(` ${blob.oid}`);
    return { name, blob, isNew, before, after: isNew ? `${FILE_MODE} ${blob.oid}` : before };
  });
  const files = drafted.map(({ name, before, after }) => ({ path: `${folder}/${name}`, before, after }));
  const fresh = drafted.filter(({ isNew }) => isNew);
  if (fresh.length === 0) {
    const sha = parent ?? '';
    return { sha, objects: [], files, trees: { commit: sha, folder, path } };
  }
  const grown = graft(format, path, new Map(fresh.map(({ name, blob }) => [name, blob.oid])));
  const commit = commitObject(format, grown.objects.at(-1)?.oid ?? '', parent, message, nowMs);
  const objects = [
    ...fresh.map(({ name, blob }) => ({ ...blob, path: `${folder}/${name}` })),
    ...grown.objects.map((tree, index) => ({ ...tree, path: treePath(path, index) })),
    { ...commit, path: '' },
  ];
  return { sha: commit.oid, objects, files, trees: { commit: commit.oid, folder, path: grown.path } };
}

/** Of a grown tree: they come from the deepest to the root. */
function treePath({ steps }: TreePath, index: number): string {
  return steps.slice(0, steps.length - index).join('/');
}

/** Puts the objects into the repository as they are, past all filters; nothing points to them yet. */
export async function writeObjects(git: Git, format: ObjectFormat, objects: GitObject[]): Promise<void> {
  // What follows the pack, git copies to its stdout: simple-git waits a while for a command that prints nothing.
  const input = Buffer.concat([...(await packOf(format, objects)), Buffer.from('\n')]);
  await output(git, ['unpack-objects', '-q'], { input });
}

function commitObject(
  format: ObjectFormat,
  tree: string,
  parent: string | null,
  message: string,
  nowMs: number,
): GitObject {
  const person = `${AUTHOR_NAME} <${AUTHOR_EMAIL}> ${Math.floor(nowMs / 1000)} +0000`;
  const parents = parent === null ? [] : [`parent ${parent}`];
  const head = [`tree ${tree}`, ...parents, `author ${person}`, `committer ${person}`, '', ''].join('\n');
  return gitObject(format, 'commit', Buffer.from(head + message.replaceAll('\0', ' ')));
}
