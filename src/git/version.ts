import type { Block } from './blocked.ts';
import type { Git } from './call.ts';

/** `update-ref --stdin` answers since this one. */
const OLDEST: readonly [number, number] = [2, 28];

/** `new`: new enough. `unknown`: git does not answer; why, shows when the repository is looked for. */
export async function checkVersion(git: Git): Promise<'new' | 'unknown' | Block> {
  const { exitCode, stdout: text } = await git(['version']);
  if (exitCode !== 0) return 'unknown';
  const [, major, minor] = /(\d+)\.(\d+)/.exec(text) ?? [];
  const newEnough = Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1]);
  if (newEnough) return 'new';
  return {
    kind: 'old-git',
    reason: `${text.trim()} is too old; ${OLDEST.join('.')} or later is needed`,
  };
}
