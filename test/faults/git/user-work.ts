import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Workspace } from '../../helpers/workspace.ts';

const OURS = ['data/anomalies.log', 'data/performance.json', 'data/status.json'];

/** All that git says of the index and the work tree, part by part, and each file with its bytes, mode and time. */
export function userView(workspace: Workspace): Map<string, string> {
  // Without locks: the look itself must not write the index.
  const git = (...args: string[]): string => workspace.git('--no-optional-locks', ...args);
  const others = ['--', ':/', ...OURS.map(path => `:(top,exclude)${path}`)];
  return new Map([
    ['git ls-files --stage -v', git('ls-files', '--stage', '-v', ...others)],
    ['git ls-files --deleted', git('ls-files', '--deleted', ...others)],
    ['git diff', git('diff', '--binary', ...others)],
    ['git diff --cached', git('diff', '--cached', '--binary', ...others)],
    ['git status', git('status', '--porcelain=v2', '--untracked-files=all', ...others)],
    ...filesOf(workspace.root),
  ]);
}

/** In words what is other than before. */
export function differences(before: Map<string, string>, now: Map<string, string>): string[] {
  const names = new Set([...before.keys(), ...now.keys()]);
  return [...names]
    .filter(name => before.get(name) !== now.get(name))
    .map(name => `${name} was changed: ${firstDifference(before.get(name) ?? '', now.get(name) ?? '')}`);
}

function firstDifference(before: string, now: string): string {
  const [old, fresh] = [before.split('\n'), now.split('\n')];
  const at = Array.from({ length: Math.max(old.length, fresh.length) }, (_, line) => line).find(
    line => old[line] !== fresh[line],
  );
  return `'${old[at ?? 0] ?? ''}' is now '${fresh[at ?? 0] ?? ''}'`;
}

function filesOf(root: string): [string, string][] {
  const skip = ['.git', 'data', 'logs'];
  return readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((entry): [string, string][] => {
    const name = relative(root, join(entry.parentPath, entry.name));
    if (entry.isDirectory() || skip.some(part => name === part || name.startsWith(`${part}/`))) return [];
    const { mode, mtimeMs } = lstatSync(join(root, name));
    const bytes = entry.isSymbolicLink() ? readlinkSync(join(root, name)) : readFileSync(join(root, name));
    const digest = createHash('sha256').update(bytes).digest('hex');
    return [[name, `${mode.toString(8)} ${mtimeMs} ${digest}`]];
  });
}
