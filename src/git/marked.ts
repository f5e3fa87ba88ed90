import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * A variable in the environment of one git process of ours and of whatever that starts. simple-git hands out no process id,
 * so the environment is the handle; the value is random and used once, so that no other process can have it.
 */
export interface Mark {
  name: string;
  value: string;
}

export function newMark(): Mark {
  return { name: 'WATCHKEEPER_GIT_CALL', value: randomUUID() };
}

/** Ends (SIGKILL) all processes that carry the mark, also where their parent is gone. */
export async function killMarked(mark: Mark): Promise<void> {
  const text = `${mark.name}=${mark.value}`;
  const pids = process.platform === 'linux' ? await markedByProc(text) : await markedByPs(text);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

async function markedByProc(text: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    pids.map(async pid => {
      // Processes of others cannot be read, and those that just ended are gone: neither is ours.
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return environment.split('\0').includes(text) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

/** macOS: `ps -E` shows the environment of the user's own processes behind the command. */
async function markedByPs(text: string): Promise<number[]> {
  const listing = await promisify(execFile)('ps', ['-axwwE', '-o', 'pid=,command=']).catch(() => null);
  return (listing?.stdout ?? '')
    .split('\n')
    .filter(line => line.split(' ').includes(text))
    .map(line => Number.parseInt(line, 10));
}
