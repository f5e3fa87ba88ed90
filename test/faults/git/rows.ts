import type { Fault } from '../fault.ts';
import { besideUser } from './beside-user.ts';
import { killGit, killGitAndAll } from './kill-git.ts';
import { killsInCommit, killsOfAll } from './kills.ts';
import { killWithBranchLock, killWithIndexLock } from './kills-with-locks.ts';
import { busyIndex, staleLocks } from './locks.ts';
import { manyCommits } from './many-commits.ts';
import { places } from './places.ts';
import { foreignPrograms } from './programs.ts';
import { prompts } from './prompts.ts';
import { stoppedInTheMiddle } from './stopped.ts';
import { untouched } from './untouched.ts';
import { foreignVariables } from './variables.ts';

/** Git and what is the user's in it. */
export const GIT: Fault[] = [
  untouched,
  stoppedInTheMiddle,
  staleLocks,
  busyIndex,
  killsInCommit,
  killsOfAll,
  killWithIndexLock,
  killWithBranchLock,
  killGit,
  killGitAndAll,
  foreignPrograms,
  prompts,
  foreignVariables,
  places,
  besideUser,
  manyCommits,
];
