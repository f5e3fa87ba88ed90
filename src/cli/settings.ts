import { loadSettings } from '../config/load.ts';
import { formatProblems, formatWarnings } from '../config/problems.ts';
import { FILE_NAME } from '../config/source.ts';
import { WatchkeeperError } from '../errors.ts';
import type { Settings } from '../glossary/settings.ts';
import type { Context } from './command.ts';

/** The workspace's settings; with problems in them all are told, and the command ends. */
export async function requireSettings(context: Context): Promise<Settings> {
  const loaded = await loadSettings(context.root);
  if (!loaded.ok) throw new WatchkeeperError('config', formatProblems(FILE_NAME, loaded.problems));
  if (loaded.warnings.length > 0) context.stderr.write(`${formatWarnings(FILE_NAME, loaded.warnings)}\n`);
  return loaded.settings;
}
