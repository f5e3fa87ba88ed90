import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import type { ProcessStat } from '../../src/process-identity.ts';
import { endTree } from '../../src/run/ending.ts';
import { readProcFile } from '../../src/run/proc-file.ts';
import { childPids, descendants } from '../../src/run/tree.ts';
import { failOnLeaks } from '../helpers/leaks.ts';

failOnLeaks();
const skip = process.platform === 'linux' ? false : 'only with /proc';
const NEVER = new Promise<void>(() => {});

test('what a process starts to clean up gets no SIGTERM, however soon it starts', { skip }, async () => {
  const text = 'trap "sleep 0.345 && echo cleaned up; exit 7" TERM; sleep 600 & echo ready; wait';
  const shell = spawn('sh', ['-c', text], { stdio: ['ignore', 'pipe', 'inherit'] });
  const { pid = 0 } = shell;
  let output = '';
  shell.stdout.on('data', chunk => {
    output += String(chunk);
  });
  await once(shell.stdout, 'data');
  waitForChild(pid, 'sleep 600'); // until then it is the shell once more, which takes SIGTERM and forgets it
  let looks = 0;
  const processes = (): ProcessStat[] => {
    looks += 1;
    if (looks === 2) waitForChild(pid, 'sleep 0.345'); // so that this look falls into the cleaning up for certain
    return descendants(process.pid).filter(found => found.pid === pid || found.parent === pid);
  };
  const closed = once(shell, 'close');
  const isOver = (): boolean => shell.exitCode !== null;
  const { told, killed } = await endTree({ processes, isOver, over: NEVER }, 20_000);
  assert.deepEqual(await closed, [7, null]);
  assert.deepEqual([output, told, killed], ['ready\ncleaned up\n', 2, 0]);
});

/** Holds everything up until a process has such a child. */
function waitForChild(pid: number, command: string): void {
  const end = performance.now() + 10_000;
  const runs = (child: number): boolean =>
    readProcFile(`/proc/${child}/cmdline`) === `${command.replace(' ', '\0')}\0`;
  while (!childPids(pid).some(runs)) {
    if (performance.now() > end) throw new Error(`there is no ${command}`);
  }
}
