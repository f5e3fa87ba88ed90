import type { ModuleSettings, Settings } from '../glossary/settings.ts';
import type { Facts, ModuleFacts } from './facts.ts';
import type { Advice, Found } from './finding.ts';

/** One module, as the configuration and the store know it. */
export interface Known extends ModuleFacts {
  settings: ModuleSettings;
  /** Of the whole workspace. */
  workspace: Settings;
  facts: Facts;
}

/** Advice that looks at one module at a time. */
export function perModule(look: (known: Known) => Found[]): Advice {
  return facts =>
    facts.modules.flatMap(module => {
      const settings = facts.settings.modules.find(({ name }) => name === module.name);
      return settings === undefined ? [] : look({ ...module, settings, workspace: facts.settings, facts });
    });
}
