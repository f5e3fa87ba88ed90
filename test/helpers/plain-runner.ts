import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Child, ChildResult, ChildSpec, Runner } from '../../src/types.ts';

/** Real processes without metering, for tests of what stands on a Runner: each child leads its own process group. */
export function plainRunner(): Runner {
  return { start };
}

function start(spec: ChildSpec): Child {
  const [command = '', ...args] = spec.argv;
  const startedAtMs = Date.now();
  const child = spawn(command, args, { cwd: spec.cwd, env: spec.env, shell: spec.shell, detached: true });
  child.stdout.on('data', chunk => spec.output.write(chunk, 'stdout'));
  child.stderr.on('data', chunk => spec.output.write(chunk, 'stderr'));
  let stopped = false;
  const ended = new Promise<ChildResult>(resolve => {
    const settle = (part: Partial<ChildResult>): void =>
      resolve({ ...nothingMeasured(startedAtMs), stopped, ...part });
    child.once('error', error =>
      settle({ startError: { code: 'start', message: error.message, permanent: true } }),
    );
    child.once('close', (exitCode, signal) => settle({ exitCode, signal }));
  }).finally(() => spec.output.end());
  return {
    pid: child.pid ?? null,
    ended,
    async stop() {
      stopped = true;
      const kill = (signal: NodeJS.Signals): void => void signalGroup(child.pid, signal);
      const force = setTimeout(kill, spec.killGraceMs, 'SIGKILL');
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
        kill('SIGTERM');
        await once(child, 'close');
      }
      clearTimeout(force);
      await ended;
    },
  };
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // it is over already
  }
}

function nothingMeasured(startedAtMs: number): ChildResult {
  return {
    startedAtMs,
    endedAtMs: Date.now(),
    runtimeSeconds: 0,
    cpuSeconds: null,
    memoryMb: null,
    exitCode: null,
    signal: null,
    timedOut: false,
    stopped: false,
    startError: null,
    leftovers: 0,
  };
}
