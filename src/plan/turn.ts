import type { ModuleSettings } from '../glossary/settings.ts';
import { type Due, planIteration } from './iteration.ts';

/** Something that is due and starts only when something else is over. */
export interface PutOff {
  due: Due[];
  /** Running modules that it waits for. */
  waitsFor: string[];
  /** `self`: the module itself has to leave; `upstream`: what it comes after has to end, with all that follows there. */
  because: 'self' | 'upstream';
}

/** What becomes of what is due, given what is still running. */
export interface Turn {
  start: Due[];
  /** Still running: not started twice, and not started later either. */
  missed: string[];
  later: PutOff[];
}

/**
 * Sorts what is due. A module that is still running is missed, but where one of its watched files has changed it runs again when
 * it has left: its run may have read the file before. A module whose schedule has come together with one that it comes after, and
 * that one is still running in an earlier iteration, starts when that iteration is over: `after` holds there, too. What a person
 * asks for starts now, whatever it would come after.
 */
export function takeTurn(
  modules: readonly ModuleSettings[],
  due: readonly Due[],
  isRunning: (module: string) => boolean,
): Turn {
  const busy = due.filter(({ module }) => isRunning(module));
  const waiting = behind(modules, due, new Set(busy.map(({ module }) => module)));
  const changed = busy.filter(({ trigger }) => trigger === 'change');
  const upstream = due.filter(({ module }) => waiting.has(module) && !isRunning(module));
  return {
    start: due.filter(({ module }) => !isRunning(module) && !waiting.has(module)),
    missed: busy.filter(({ trigger }) => trigger !== 'change').map(({ module }) => module),
    later: [
      ...changed.map(one => ({ due: [one], waitsFor: [one.module], because: 'self' as const })),
      ...(upstream.length === 0
        ? []
        : [{ due: upstream, waitsFor: busy.map(({ module }) => module), because: 'upstream' as const }]),
    ],
  };
}

/** Those on a schedule that come, directly or through others of the same iteration, after one of the busy ones. */
function behind(
  modules: readonly ModuleSettings[],
  due: readonly Due[],
  busy: ReadonlySet<string>,
): Set<string> {
  const held = new Set(busy);
  for (const { module, trigger, needs } of planIteration(modules, due)) {
    if (trigger !== 'manual' && needs.some(name => held.has(name))) held.add(module);
  }
  return held;
}
