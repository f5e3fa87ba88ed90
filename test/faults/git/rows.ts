import type { Fault } from '../fault.ts';
import { besideUser } from './beside-user.ts';
import { busyIndex, staleLocks } from './locks.ts';
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
  foreignPrograms,
  prompts,
  foreignVariables,
  besideUser,
];
