import { type Draft, textsOf } from '../draft.ts';
import { globProblem } from '../globs.ts';
import type { Finding } from '../problems.ts';

/** What is watched lies in the workspace and is not what the supervisor writes itself. Links are followed apart. */
export function* watchedGlobs(draft: Draft): Generator<Finding> {
  for (const [name, { watch }] of draft.modules) {
    for (const [index, glob] of textsOf(watch)) {
      const message = glob === '' ? null : globProblem(glob);
      if (message !== null) yield { path: ['modules', name, 'watch', index], message };
    }
  }
}
