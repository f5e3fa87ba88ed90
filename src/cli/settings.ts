import { loadSettings } from '../config/load.ts';
import { formatProblems, formatWarnings } from '../config/problems.ts';
import { FILE_NAME } from '../config/source.ts';
import { WatchkeeperError } from '../errors.ts';
import type { ModuleSettings, Settings } from '../types.ts';
import type { Context } from './command.ts';

/** The workspace's settings; with problems in them all are told, and the command ends. */
export async function requireSettings(context: Context): Promise<Settings> {
  const loaded = await loadSettings(context.root);
  if (!loaded.ok) throw new WatchkeeperError('config', formatProblems(FILE_NAME, loaded.problems));
  if (loaded.warnings.length > 0) context.stderr.write(`${formatWarnings(FILE_NAME, loaded.warnings)}\n`);
  return loaded.settings;
}

/** The named module; a name that is not known is a usage error. */
export function requireModule(settings: Settings, name: string): ModuleSettings {
  requireModules(settings, [name]);
  return settings.modules.find(module => module.name === name) as ModuleSettings;
}

/** The named modules, each known to the settings; a name that is not known is a usage error. */
export function requireModules(settings: Settings, names: string[]): string[] {
  const known = settings.modules.map(({ name }) => name);
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new WatchkeeperError('usage', `there is no module '${name}': ${hint(settings, name)}`);
  }
  return [...new Set(names)];
}

function hint({ modules, services }: Settings, name: string): string {
  if (services.some(service => service.name === name)) return 'it is a service, which is kept running anyway';
  if (modules.length === 0) return 'the workspace has no modules';
  return `the modules are ${modules.map(module => module.name).join(', ')}`;
}
