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
  if (services.some(service => service.name === name))
    return 'it is a service, which is kept running and has no runs';
  if (modules.length === 0) return 'the workspace has no modules';
  return `the modules are ${modules.map(module => module.name).join(', ')}`;
}

/**
 * For what is asked of past runs: a module that was taken out of the configuration still has its own.
 *
 * @param past the modules that have runs
 * @throws WatchkeeperError 'usage' where neither the past nor the settings know the module; of a service it says what tells of it
 */
export async function requireKnownModule(root: string, past: readonly string[], name: string): Promise<void> {
  if (past.includes(name)) return;
  const { modules, services } = await configured(root);
  if (modules.includes(name)) return;
  throw services.includes(name) ? noRunsOf(name) : unknownName(name, [...new Set([...modules, ...past])], []);
}

/** The same for what is asked of services, too. @throws WatchkeeperError 'usage' where the name is that of neither */
export async function requireModuleOrService(
  root: string,
  past: readonly string[],
  name: string,
): Promise<void> {
  if (past.includes(name)) return;
  const { modules, services } = await configured(root);
  if (modules.includes(name) || services.includes(name)) return;
  throw unknownName(name, [...new Set([...modules, ...past])], services);
}

/** Names that are not known are left to whoever looks for their runs. @throws WatchkeeperError 'usage' where one is a service */
export async function refuseServices(
  root: string,
  past: readonly string[],
  names: readonly string[],
): Promise<void> {
  const others = names.filter(name => !past.includes(name));
  const { services } = others.length === 0 ? NOTHING : await configured(root);
  for (const name of others) if (services.includes(name)) throw noRunsOf(name);
}

interface Configured {
  modules: string[];
  services: string[];
}

const NOTHING: Configured = { modules: [], services: [] };

async function configured(root: string): Promise<Configured> {
  const { loadSettings } = await import('./load.ts'); // seldom needed, and takes longer than most answers
  const loaded = await loadSettings(root);
  if (!loaded.ok) return NOTHING;
  const { modules, services } = loaded.settings;
  return { modules: modules.map(({ name }) => name), services: services.map(({ name }) => name) };
}

function noRunsOf(service: string): WatchkeeperError {
  return new WatchkeeperError(
    'usage',
    `${service} is a service, which has no runs to be judged, compared or written out: \`trends\`, \`forecast\` (of ${service}.memoryMb, say), \`recommend\` and \`status\` tell of it`,
  );
}

function unknownName(
  name: string,
  modules: readonly string[],
  services: readonly string[],
): WatchkeeperError {
  const known = [...modules, ...services];
  const lists = [
    modules.length === 0 ? 'the workspace has no modules' : `the modules are ${modules.join(', ')}`,
    ...(services.length === 0 ? [] : [`the services ${services.join(', ')}`]),
  ];
  const what = services.length === 0 ? 'module' : 'module or service';
  return new WatchkeeperError(
    'usage',
    `there is no ${what} '${name}'${didYouMean(name, known)}: ${lists.join(', ')}`,
  );
}
