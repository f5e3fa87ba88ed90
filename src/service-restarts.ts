import { messageOf } from './errors.ts';
import type { Reporter } from './glossary/reporter.ts';
import type { ServiceState } from './glossary/service.ts';
import type { Store } from './store/store.ts';

/** Notes the services that there are, and counts their restarts over the life of the workspace. */
export function countRestarts(store: Store, warn: Reporter['warn']) {
  const known = new Map(Object.entries(store.serviceRestarts()));
  const of = (name: string): number => known.get(name) ?? 0;
  return {
    of,
    note({ name, restartCount }: ServiceState): void {
      const isNew = !known.has(name);
      if (!isNew && restartCount <= of(name)) return;
      known.set(name, restartCount);
      try {
        if (isNew) store.noteService(name);
        else store.serviceRestarted(name);
      } catch (error) {
        warn(`the ${isNew ? 'start' : 'restart'} of ${name} could not be noted: ${messageOf(error)}`);
      }
    },
  };
}
