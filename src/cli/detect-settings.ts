import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { partsFrom } from '../config/load.ts';
import { formatProblems } from '../config/problems.ts';
import { FILE_NAME, readSourceFile } from '../config/source.ts';
import { WatchkeeperError } from '../errors.ts';
import type { DetectionSettings } from '../types.ts';
import type { Context } from './command.ts';

/**
 * The part `detection` of a configuration: the file that is named, else the workspace's own, else the defaults.
 *
 * @throws WatchkeeperError 'config' with every problem of the file
 */
export async function detectionFor(context: Context, named: string | null): Promise<DetectionSettings> {
  const own = join(context.root, FILE_NAME);
  const file = named === null ? own : resolve(named);
  if (named !== null && !existsSync(file)) {
    throw new WatchkeeperError('usage', `--config: there is no ${file}`);
  }
  const source = named === null && !existsSync(own) ? { text: '' } : await readSourceFile(file);
  const loaded = await partsFrom(dirname(file), source);
  if (!loaded.ok) throw new WatchkeeperError('config', formatProblems(file, loaded.problems));
  return loaded.settings.detection;
}
