import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mark } from './operations.ts';
import type { PlannedRun } from './played-ports.ts';
import { openSession, type Session } from './session.ts';

const WORK = fileURLToPath(new URL('./work.ts', import.meta.url));

const HOUR = 3_600_000;
const DAY_ONE = Date.UTC(2026, 10, 20, 12);

/** An incident that opens and recovers, one that persists, and one that stays open; a retry that helps, one that does not, a skip. */
export const EVENTFUL: PlannedRun[][] = [
  [{ rows: 1 }, { rows: 10 }],
  [{ rows: 1 }, 'fails', { rows: 10 }],
  [{ rows: 2 }, { rows: 10 }],
  [{ rows: 1 }, { rows: 20 }],
  ['fails'],
  [{ rows: 3 }, { rows: 20 }],
  [{ rows: 3 }, { rows: 20 }],
  [{ rows: 3 }, 'fails', 'fails'],
];

export const CALM: PlannedRun[][] = [
  [{ rows: 3 }, { rows: 20 }],
  [{ rows: 4 }, { rows: 30 }],
];

/** Written before each iteration, it fills SQLite's log (1,000 pages of 4,096 bytes) in a few of them, which is then begun anew. */
export const BULK = 'x'.repeat(1_000_000);

/** The collector of the last iteration is recorded, and told; no file shows it yet. The backtester is still running. */
export const CUT_SHORT: PlannedRun[][] = [...EVENTFUL.slice(0, 3), [{ rows: 2 }, 'never']];

interface Life {
  /** When, and who: hours after the first. */
  hour: number;
  mark?: (mark: Mark) => void;
}

export async function session(root: string, { hour, ...more }: Life): Promise<Session> {
  const identity = { startTime: `${hour}`, bootId: 'boot' };
  const onNever = (): void => void process.kill(process.pid, 'SIGKILL');
  return openSession({ root, startMs: DAY_ONE + hour * HOUR, identity, onNever, ...more });
}

/** A supervisor's life from its start to its orderly end. */
export async function live(root: string, plan: PlannedRun[][], life: Life): Promise<void> {
  const open = await session(root, life);
  for (const runs of plan) await open.iterate(runs);
  await open.close();
}

/** The same in a process of its own, which is killed while a run is under way. */
export function liveAndDie(root: string): void {
  const { signal, stderr } = spawnSync(process.execPath, [WORK, 'killed', root, '/dev/null'], {
    encoding: 'utf8',
  });
  if (signal !== 'SIGKILL') throw new Error(`the supervisor was to be killed, and was not: ${stderr}`);
}

export const data = (root: string, name: string): string => join(root, 'data', name);

/** As a fresh clone has it: the files that are in git, and no others. */
export function onlyFiles(root: string): void {
  for (const name of ['', '-wal', '-shm']) rmSync(data(root, `watchkeeper.db${name}`), { force: true });
}
