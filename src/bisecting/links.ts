import { lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { isAbsolute, join, normalize, sep } from 'node:path';
import { WatchkeeperError } from '../errors.ts';

/**
 * A path of the workspace that a checked-out commit is to have too, because git does not keep it: relative, below the workspace, there.
 *
 * @throws WatchkeeperError 'usage'
 */
export function linkPath(root: string, text: string): string {
  const path = normalize(text).replace(/\/+$/, '');
  const isInside = !isAbsolute(path) && path !== '.' && path !== '' && !path.split(sep).includes('..');
  if (!isInside)
    throw new WatchkeeperError(
      'usage',
      `a link is a path below the workspace, such as data/market, not '${text}'`,
    );
  if (lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined) return path;
  throw new WatchkeeperError('usage', `the link '${text}': there is no ${join(root, path)}`);
}

/**
 * Links a path of the workspace into a checked-out one. What the commit has there itself stays.
 *
 * @returns null, or in words why it cannot be there
 */
export function linkInto(workspace: string, root: string, path: string): string | null {
  const steps = path.split(sep);
  for (let count = 1; count < steps.length; count++) {
    const folder = join(workspace, ...steps.slice(0, count));
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    // A link of the commit's could lead anywhere.
    if (stat !== undefined && !stat.isDirectory())
      return `the link '${path}': ${steps.slice(0, count).join(sep)} is no folder there`;
    if (stat === undefined) mkdirSync(folder);
  }
  const target = join(workspace, path);
  if (lstatSync(target, { throwIfNoEntry: false }) === undefined) symlinkSync(join(root, path), target);
  return null;
}
