import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * Ends (SIGKILL) all processes that carry `NAME=value` in their environment: a git process of ours and whatever it
 * started, also where its parent is gone. simple-git hands out no process id, so the environment is the handle; the
 * value is random and used once, so that no other process can have it.
 */
export async function killMarked(mark: { name: string; value: string }): Promise<void> {
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
