import { execa } from 'execa';
import { systemErrorCode } from '../errors.ts';
import { findEvenEnded } from './process-list.ts';
import { isFolder } from './program-file.ts';
import { explainStartError, type StartError } from './start-error.ts';
import { type CommandExit, NO_TOTALS, type Started, type StartSpec } from './started.ts';
import { findStrays } from './strays.ts';

const NEVER = new Promise<void>(() => {});

/**
 * Starts a command as it is: where there is no keeper (no Perl, not Linux). The exit code is exact; CPU time and memory
 * are what was seen in time; what the command leaves behind is found by its session and, on Linux, by its environment.
 */
export function startDirect(spec: StartSpec): Started {
  const [program = '', ...args] = spec.argv;
  const subprocess = execa(program, args, {
    cwd: spec.cwd,
    env: spec.env,
    extendEnv: false,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // leads a session and a group of its own
    buffer: false,
    reject: false,
    cleanup: false,
    verbose: 'none',
  });
  const child = subprocess.nodeChildProcess;
  const exit = Promise.withResolvers<CommandExit>();
  let running = child.pid !== undefined;
  child.once('exit', (exitCode, signal) => {
    running = false;
    exit.resolve({ exitCode, signal, runtimeSeconds: null, startError: null });
  });
  if (!running) {
    // Execa gives the reason in its result, whether the system call failed at once or later.
    const failed = async (): Promise<void> => exit.resolve(failure(spec, (await subprocess).cause));
    void failed();
  }
  const head = child.pid === undefined ? null : findEvenEnded(child.pid);
  const runId = spec.env['WATCHKEEPER_RUN_ID'] ?? null;
  const tree: Started['tree'] = known => (head === null ? [] : findStrays({ head, runId, known }));
  const { stdout, stderr } = child;
  return {
    pid: child.pid ?? null,
    commandPid: child.pid ?? null,
    headIsCommand: true,
    onNewProcess: () => {},
    outputs: Promise.resolve(running && stdout && stderr ? { stdout, stderr } : null),
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

function failure(spec: StartSpec, cause: unknown): CommandExit {
  return { exitCode: null, signal: null, runtimeSeconds: null, startError: startErrorOf(spec, cause) };
}

function startErrorOf(spec: StartSpec, cause: unknown): StartError {
  const code = systemErrorCode(cause) ?? 'EINVAL';
  // The system says ENOENT for a missing folder as for a missing program.
  if (!isFolder(spec.cwd)) return explainStartError(code === 'EACCES' ? code : 'ENOENT', 'chdir', spec);
  return explainStartError(code, 'exec', spec);
}
