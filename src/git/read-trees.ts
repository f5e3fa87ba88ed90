import { type Git, output } from './call.ts';
import { GitFailure } from './failure.ts';
import type { ObjectFormat } from './objects.ts';
import { parseTree, type Tree, type TreePath, treeName } from './tree.ts';

/** Reads the trees of a commit on the way to `folder` (like `sub/data`); without a commit all of them are empty. */
export async function readTrees(
  git: Git,
  format: ObjectFormat,
  commit: string | null,
  folder: string,
): Promise<TreePath> {
  const steps = folder.split('/');
  const empty = { steps, trees: [new Map(), ...steps.map(() => new Map())] };
  if (commit === null) return empty;
  const paths = ['', ...steps.map((_, index) => steps.slice(0, index + 1).join('/'))];
  const input = paths.map(path => `${commit}:${path}\n`).join('');
  const listing = await output(git, ['cat-file', '--batch'], { input });
  const bodies = objectBodies(listing.bytes, paths.length);
  const trees = bodies.map(body => (body === null ? null : parseTree(format, body)));
  trees.forEach((tree, index) => {
    checkFolder(tree, trees[index - 1], steps[index - 1] ?? '', paths[index] ?? '');
  });
  return { steps, trees: trees.map(tree => tree ?? new Map()) };
}

/** The answers of `cat-file --batch`: a line `ID TYPE SIZE`, the body, a line end; or `NAME missing`. Null: no tree. */
function objectBodies(bytes: Buffer, count: number): (Buffer | null)[] {
  const bodies: (Buffer | null)[] = [];
  for (let start = 0; bodies.length < count; ) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0) throw new GitFailure('git cat-file gave too few answers');
    const [, type, size] = / (commit|tree|blob|tag) (\d+)$/.exec(bytes.toString('latin1', start, end)) ?? [];
    const next = end + 1 + (size === undefined ? 0 : Number(size) + 1);
    bodies.push(type === 'tree' ? bytes.subarray(end + 1, next - 1) : null);
    start = next;
  }
  return bodies;
}

/** A folder that could not be read must be missing; a file, link or submodule of its name is the user's, and stays. */
function checkFolder(tree: Tree | null, above: Tree | null | undefined, step: string, path: string): void {
  if (tree !== null) return;
  if (above === undefined) throw new GitFailure('git could not read the newest commit');
  if (above?.has(treeName(step)) !== true) return;
  throw new GitFailure(
    `\`${path}\` is not a folder in the repository; move it away, or set another \`git.ref\``,
  );
}
