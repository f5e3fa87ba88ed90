import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cleanedUpAtLast } from './leftovers.ts';

/** What a process took from its start to its end. */
export interface Used {
  seconds: number;
  /** User and system, of all its threads. */
  cpuSeconds: number;
  /** The largest resident memory; Node alone has about 50 MB. */
  peakMb: number;
  exitCode: number | null;
}

/** Says what it used on its way out. Its largest memory as the system has it: what Node says begins with that of this process. */
const REPORT = `data:text/javascript,
  import { readFileSync } from 'node:fs';
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime } = process.resourceUsage();
    const [, kilobytes] = readFileSync('/proc/self/status', 'latin1').match(/VmHWM:.*?([0-9]+) kB/);
    process.stderr.write('used ' + JSON.stringify({ cpuUs: userCPUTime + systemCPUTime, kilobytes: Number(kilobytes) }));
  });`;

/** Runs Node with these arguments to its end; what it prints is thrown away. */
export async function usedBy(args: string[]): Promise<Used> {
  const beginMs = performance.now();
  const child = spawn(process.execPath, ['--import', REPORT, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const forget = cleanedUpAtLast(() => child.kill('SIGKILL'));
  const [stderr] = await Promise.all([child.stderr.toArray(), once(child, 'exit')]).finally(forget);
  const seconds = (performance.now() - beginMs) / 1000;
  const text = Buffer.concat(stderr).toString();
  const used = /used (\{.*\})$/.exec(text)?.[1];
  if (used === undefined) throw new Error(`it has failed: ${text}`);
  const { cpuUs, kilobytes }: { cpuUs: number; kilobytes: number } = JSON.parse(used);
  return { seconds, cpuSeconds: cpuUs / 1e6, peakMb: (kilobytes * 1024) / 1e6, exitCode: child.exitCode };
}
