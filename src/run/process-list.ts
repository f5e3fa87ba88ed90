import { execFileSync } from 'node:child_process';
import { isLivingState, type ProcessStat, readProcessStat } from '../process-identity.ts';
import { numbersIn } from './proc-file.ts';

/** Every living process of the machine that this one may see. */
export function listProcesses(): ProcessStat[] {
  return (process.platform === 'linux' ? fromProc() : fromPs()).filter(found => isLivingState(found.state));
}

/** One living process, for checking that it is still the one that was listed. */
export function findProcess(pid: number): ProcessStat | null {
  const found = findEvenEnded(pid);
  return found !== null && isLivingState(found.state) ? found : null;
}

/** As `findProcess`, but also one that has ended without its parent having taken note. */
export function findEvenEnded(pid: number): ProcessStat | null {
  return process.platform === 'linux' ? readProcessStat(pid) : (fromPs(pid)[0] ?? null);
}

function fromProc(): ProcessStat[] {
  return numbersIn('/proc').flatMap(pid => readProcessStat(pid) ?? []);
}

/** macOS and the BSDs; costs some ten milliseconds, so it is only asked when something is to be ended. */
function fromPs(pid?: number): ProcessStat[] {
  const which = pid === undefined ? ['-A'] : ['-p', String(pid)];
  return psTable([...which, '-o', 'pid=,ppid=,pgid=,stat=,lstart='])
    .split('\n')
    .flatMap(parsePsLine);
}

function psTable(args: string[]): string {
  try {
    const options = { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 2 ** 26 } as const;
    return execFileSync('ps', args, { ...options, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return ''; // `ps -p` fails for a process that does not exist
  }
}

/** `ps` does not name the session in the same way everywhere; the group stands for it, as each child leads its own. */
export function parsePsLine(line: string): ProcessStat[] {
  const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S)\S*\s+(.+)$/.exec(line);
  const startTime = Date.parse(match?.[5] ?? '');
  if (match === null || Number.isNaN(startTime)) return [];
  const [pid, parent, group] = match.slice(1, 4).map(Number) as [number, number, number];
  const unknown = { terminal: 0, forked: false, exiting: false, cpuTicks: 0, treeCpuTicks: 0 };
  return [{ pid, state: match[4] ?? '', parent, group, session: group, startTime, ...unknown }];
}
