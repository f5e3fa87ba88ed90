import { WatchkeeperError } from '../errors.ts';
import type { ModuleSettings, Settings } from '../glossary/settings.ts';

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
