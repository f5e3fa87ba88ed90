import { didYouMean } from '../config/suggest.ts';
import { WatchkeeperError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { Context } from './command.ts';

/** A module that was taken out of the configuration still has its past. */
export async function requireKnownModule({ root }: Context, store: Store, module: string): Promise<void> {
  const past = store.moduleNames();
  if (past.includes(module)) return;
  const { loadSettings } = await import('../config/load.ts'); // seldom needed, and takes longer than most answers
  const loaded = await loadSettings(root);
  const configured = loaded.ok ? loaded.settings.modules.map(({ name }) => name) : [];
  if (configured.includes(module)) return;
  const known = [...new Set([...configured, ...past])];
  const names = known.length === 0 ? 'the workspace has no modules' : `the modules are ${known.join(', ')}`;
  throw new WatchkeeperError('usage', `there is no module '${module}'${didYouMean(module, known)}: ${names}`);
}
