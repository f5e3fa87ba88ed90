import { WatchkeeperError } from '../errors.ts';
import type { ModuleSettings, Settings } from '../glossary/settings.ts';
import { didYouMean } from './suggest.ts';

/** The named module. @throws WatchkeeperError 'usage' where the settings know no such module */
export function requireModule(settings: Settings, name: string): ModuleSettings {
  requireModules(settings, [name]);
  return settings.modules.find(module => module.name === name) as ModuleSettings;
}

/** The named modules, each once. @throws WatchkeeperError 'usage' where the settings do not know one of them */
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

/**
 * For what is asked of the past: a module that was taken out of the configuration still has its own.
 *
 * @param past the modules that have runs
 * @throws WatchkeeperError 'usage' where neither the past nor the settings know the module
 */
export async function requireKnownModule(root: string, past: readonly string[], name: string): Promise<void> {
  if (past.includes(name)) return;
  const { loadSettings } = await import('./load.ts'); // seldom needed, and takes longer than most answers
  const loaded = await loadSettings(root);
  const configured = loaded.ok ? loaded.settings.modules.map(module => module.name) : [];
  if (configured.includes(name)) return;
  const known = [...new Set([...configured, ...past])];
  const names = known.length === 0 ? 'the workspace has no modules' : `the modules are ${known.join(', ')}`;
  throw new WatchkeeperError('usage', `there is no module '${name}'${didYouMean(name, known)}: ${names}`);
}
