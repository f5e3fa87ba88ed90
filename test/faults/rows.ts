import { cannotStart } from './children/cannot-start.ts';
import { daemons } from './children/daemons.ts';
import { exactEndings } from './children/endings.ts';
import { oneGigabyte, uglyOutput } from './children/flood.ts';
import { forkBomb } from './children/fork-bomb.ts';
import { hang, ignoresSigterm } from './children/hang.ts';
import { disguised, killsItsKeeper, zombies } from './children/hostile.ts';
import { logFile } from './children/log-file.ts';
import { metricsFile, metricsFolderAfterKill, stubbornMetricsFile } from './children/metrics-file.ts';
import { heldOutput } from './children/open-output.ts';
import { reusedPid } from './children/reused-pid.ts';
import { standardStreams } from './children/standard-streams.ts';
import { steady, steadyHour } from './children/steady.ts';
import { supervisorKilled } from './children/supervisor-killed.ts';
import { withoutKeeper } from './children/without-keeper.ts';
import { brokenHotReload, refusedAtStart } from './configuration/refused.ts';
import { CRASH } from './crash/rows.ts';
import type { Fault } from './fault.ts';
import { linkOutside, otherKinds, zeros } from './files/in-its-place.ts';
import { spoiltPerformance, spoiltStatus } from './files/performance.ts';
import { corruptStore } from './files/store.ts';
import { clockBack, dataRemoved, editedByHand, umaskZero } from './files/while-running.ts';
import { GIT } from './git/rows.ts';
import { anotherHost, copiedFolder } from './lock/elsewhere.ts';
import { simultaneousPairs } from './lock/pairs.ts';
import { instantRestart } from './lock/restart.ts';
import { stoppedHolder } from './lock/stopped-holder.ts';
import { canaries } from './secrets/canary.ts';
import { soak } from './soak/soak.ts';
import { clockJumps } from './time/jumps.ts';
import { longerThanItsInterval, standstill } from './time/standstill.ts';
import { summerTime } from './time/summer-time.ts';

/** All rows, in the order in which they are tried. */
export const ROWS: Fault[] = [
  ...CRASH,
  spoiltPerformance,
  spoiltStatus,
  otherKinds,
  linkOutside,
  zeros,
  corruptStore,
  editedByHand,
  dataRemoved,
  clockBack,
  umaskZero,
  ...summerTime,
  clockJumps,
  standstill,
  longerThanItsInterval,
  simultaneousPairs,
  instantRestart,
  stoppedHolder,
  anotherHost,
  copiedFolder,
  canaries,
  ...GIT,
  hang,
  ignoresSigterm,
  heldOutput,
  daemons,
  supervisorKilled,
  reusedPid,
  oneGigabyte,
  uglyOutput,
  exactEndings,
  cannotStart,
  standardStreams,
  killsItsKeeper,
  disguised,
  zombies,
  forkBomb,
  metricsFile,
  metricsFolderAfterKill,
  stubbornMetricsFile,
  logFile,
  withoutKeeper,
  steady,
  steadyHour,
  refusedAtStart,
  brokenHotReload,
  soak,
];
