import type { Draft } from '../draft.ts';
import type { Finding } from '../problems.ts';
import { commands, environment, restartDelays } from './command.ts';
import { watchedGlobs } from './globs.ts';
import { detectedModules, names, somethingToRun } from './names.ts';
import { cycles, upstreams } from './order.ts';
import { stages } from './stages.ts';

/** Every check across keys that needs no look at the disk. One more is one more line. */
const CHECKS = [
  somethingToRun,
  names,
  upstreams,
  cycles,
  commands,
  environment,
  restartDelays,
  watchedGlobs,
  detectedModules,
  stages,
] satisfies readonly ((draft: Draft) => Iterable<Finding>)[];

const MOST_PER_CHECK = 200;

/** What the checks find; each stops after as many findings as anybody would read. */
export function* crossChecks(draft: Draft): Generator<Finding> {
  for (const check of CHECKS) yield* check(draft).take(MOST_PER_CHECK);
}
