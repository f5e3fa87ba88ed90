import type { ChildProcess } from 'node:child_process';
import { systemErrorCode } from '../errors.ts';
import { findEvenEnded } from './process-list.ts';
import { isFolder } from './program-file.ts';
import { spawnDetached } from './spawned.ts';
import { explainStartError, type StartError } from './start-error.ts';
import { type CommandExit, NO_TOTALS, type Outputs, type Started, type StartSpec } from './started.ts';
import { findStrays } from './strays.ts';

const NEVER = new Promise<void>(() => {});

/**
 * Starts a command as it is: where there is no keeper (no Perl, not Linux). The exit code is exact; CPU time and memory
 * are what was seen in time; what the command leaves behind is found by its session and, on Linux, by its environment.
 */
export function startDirect(spec: StartSpec): Started {
  const { child, failure } = spawnDetached(spec.argv, {
    cwd: spec.cwd,
    env: spec.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = Promise.withResolvers<CommandExit>();
  let running = child !== null;
  child?.once('exit', (exitCode, signal) => {
    running = false;
    exit.resolve({ exitCode, signal, runtimeSeconds: null, startError: null });
  });
  if (child === null) void failure.then(cause => exit.resolve(exitNeverStarted(spec, cause)));
  const pid = child?.pid ?? null;
  const head = pid === null ? null : findEvenEnded(pid);
  const runId = spec.env['WATCHKEEPER_RUN_ID'] ?? null;
  const tree: Started['tree'] = known => (head === null ? [] : findStrays({ head, runId, known }));
  return {
    pid,
    commandPid: pid,
    headIsCommand: true,
    onNewProcess: () => {},
    outputs: Promise.resolve(outputsOf(child)),
    running: Promise.resolve(),
    exit: exit.promise,
    over: NEVER,
    isOver: known => !running && tree(known).length === 0,
    tree,
    totals: () => NO_TOTALS,
    giveUpStart: () => {}, // the system call that starts it has returned before anybody could
    release: async () => {},
  };
}

function outputsOf(child: ChildProcess | null): Outputs | null {
  const { stdout = null, stderr = null } = child ?? {};
  return stdout && stderr ? { stdout, stderr } : null;
}

function exitNeverStarted(spec: StartSpec, cause: unknown): CommandExit {
  return { exitCode: null, signal: null, runtimeSeconds: null, startError: startErrorOf(spec, cause) };
}

function startErrorOf(spec: StartSpec, cause: unknown): StartError {
  const code = systemErrorCode(cause) ?? 'EINVAL';
  // The system says ENOENT for a missing folder as for a missing program.
  if (!isFolder(spec.cwd)) return explainStartError(code === 'EACCES' ? code : 'ENOENT', 'chdir', spec);
  return explainStartError(code, 'exec', spec);
}
