import { processIdentity } from '../process-identity.ts';

/** Names the process that runs a module beside the supervisor, in the environment of that module. */
export const TRIAL_VARIABLE = 'WATCHKEEPER_TRIAL';

/** The mark of this process: its number, and when it began. */
export function trialMark(): string {
  return markOf(process.pid) ?? '';
}

/** Whether a mark names a process that is there to end what it has started. */
export function isOfLivingTrial(mark: string | undefined): boolean {
  const pid = Number.parseInt(mark ?? '', 10);
  return Number.isSafeInteger(pid) && pid > 0 && markOf(pid) === mark;
}

function markOf(pid: number): string | null {
  const identity = processIdentity(pid);
  return identity === null ? null : `${pid} ${identity.startTime}`;
}
