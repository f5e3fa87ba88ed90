import { messageOf } from './errors.ts';
import type { Reporter } from './glossary/reporter.ts';
import type { ServiceState } from './glossary/service.ts';
import type { Store } from './store/store.ts';

/** Counts the restarts of services over the life of the workspace. */
export function countRestarts(store: Store, warn: Reporter['warn']) {
  const known = new Map(Object.entries(store.serviceRestarts()));
  const of = (name: string): number => known.get(name) ?? 0;
  return {
    of,
    note({ name, restartCount }: ServiceState): void {
      if (restartCount <= of(name)) return;
      known.set(name, restartCount);
      try {
        store.serviceRestarted(name);
      } catch (error) {
        warn(`the restart of ${name} could not be counted: ${messageOf(error)}`);
      }
    },
  };
}
