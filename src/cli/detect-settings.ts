import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DETECTION_DEFAULTS } from '../config/detection-defaults.ts';
import { FILE_NAME, readSourceFile } from '../config/source.ts';
import { WatchkeeperError } from '../errors.ts';
import type { DetectionSettings } from '../glossary/detection-settings.ts';
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
  return named === null && !existsSync(own) ? DETECTION_DEFAULTS : detectionIn(file);
}

/** What it takes to check a configuration is loaded only where there is one: it takes longer than the rest of the program. */
async function detectionIn(file: string): Promise<DetectionSettings> {
  const [{ partsFrom }, { formatProblems }] = await Promise.all([
    import('../config/load.ts'),
    import('../config/problems.ts'),
  ]);
  const loaded = await partsFrom(dirname(file), await readSourceFile(file));
  if (!loaded.ok) throw new WatchkeeperError('config', formatProblems(file, loaded.problems));
  return loaded.settings.detection;
}
