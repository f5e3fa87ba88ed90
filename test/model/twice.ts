import { crashStates } from './crash.ts';
import { Disk } from './disk.ts';
import type { Recording } from './operations.ts';
import { writeOut } from './recover.ts';
import { type Scenario, scenarioNamed } from './scenarios.ts';

/**
 * A scenario that begins where a crash has left another one, at a moment and with an outcome by chance: a supervisor takes up what
 * is there, and is crashed while it does.
 *
 * @param crashed what was going on at the first crash
 */
export function afterCrashOf(crashed: Recording, random: () => number): Scenario {
  const next = scenarioNamed('after-kill');
  return {
    ...next,
    what: 'a supervisor that takes up what a crash by chance has left',
    prepare: async root => {
      const disk = new Disk(crashed);
      const moment = 1 + Math.floor(random() * crashed.operations.length);
      for (const [index, operation] of crashed.operations.slice(0, moment).entries())
        disk.apply(operation, index + 1);
      const states = crashStates(disk, 3, random);
      const state = states[Math.floor(random() * states.length)];
      if (state !== undefined) writeOut(state, root);
    },
  };
}
