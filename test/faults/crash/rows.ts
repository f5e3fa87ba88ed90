import type { Fault } from '../fault.ts';
import { failingCalls, failingForAWhile } from './failing-calls.ts';
import { fullDiskAnywhere, fullDiskAtStart, fullDiskForLong } from './full-disk.ts';
import { killAllAtOnce } from './kill-all-at-once.ts';
import { killAtEveryStep } from './kill-at-every-step.ts';
import { killAtRandom } from './kill-at-random.ts';
import { leftTemporaries } from './leftovers.ts';
import { fewDescriptors, fileSizeLimit, noMoreProcesses } from './limits.ts';
import { noInodes } from './no-inodes.ts';
import { powerFailure } from './power-failure.ts';
import { failedDisk, readOnlyForAWhile } from './read-only.ts';
import { orderlySignals, readerGone, sigtermTwice } from './signals.ts';
import { slowDisk } from './slow-disk.ts';

/** Crash and storage. */
export const CRASH: Fault[] = [
  killAtRandom,
  killAllAtOnce,
  ...killAtEveryStep,
  powerFailure,
  ...fullDiskAnywhere,
  fullDiskForLong,
  fullDiskAtStart,
  noInodes,
  failingCalls,
  failingForAWhile,
  readOnlyForAWhile,
  failedDisk,
  slowDisk,
  fewDescriptors,
  noMoreProcesses,
  fileSizeLimit,
  sigtermTwice,
  orderlySignals,
  readerGone,
  leftTemporaries,
];
