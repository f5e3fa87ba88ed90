import type { ChildResult } from '../glossary/child.ts';
import {
  exists,
  file,
  inCwd,
  interpreterOf,
  isExecutable,
  isFolder,
  nameOf,
  program,
  searchedFolders,
} from './program-file.ts';
import type { StartSpec } from './started.ts';

export type StartError = NonNullable<ChildResult['startError']>;

/** What was being done when it failed. */
export type StartStep = 'chdir' | 'exec' | 'fork';

/**
 * Why a command could not be started, and what to do. Codes: `ENOENT` no such program, `EACCES` may not be executed,
 * `INTERPRETER` the program in its first line is missing, `ENOEXEC` no program at all, `CWD` the working folder,
 * `E2BIG` too long arguments, `EINVAL` not a command; else the system's own code. Only a lack of processes, memory or
 * descriptors, a busy file and what is not known here may be over at the next try: those are not permanent. No message
 * holds a value of the command's `env`.
 */
export function explainStartError(code: string, step: StartStep, spec: StartSpec): StartError {
  if (step === 'chdir') return cwdError(code, spec.cwd);
  if (step === 'fork') return passing(code, spec);
  if (code === 'ENOENT' || code === 'ENOTDIR') return explainMissing(spec);
  if (code === 'EACCES' || code === 'EPERM') return permanent('EACCES', deniedMessage(spec));
  if (code === 'ENOEXEC' || code === 'ELIBBAD') {
    return permanent(
      'ENOEXEC',
      `${found(spec)} is not a program for this machine: a script needs a first line such as "#!/bin/sh"`,
    );
  }
  if (code === 'E2BIG') {
    return permanent(
      'E2BIG',
      `the arguments or the environment of ${program(spec)} are longer than the system allows: hand the data over in a file`,
    );
  }
  if (code === 'EINVAL') return permanent('EINVAL', `${program(spec)} cannot be started: check "command"`);
  return passing(code, spec);
}

/** What can be said without trying; null where nothing stands against it. */
export function checkSpec(spec: StartSpec): StartError | null {
  if (program(spec) === '') return permanent('EINVAL', 'the command is empty: name a program in "command"');
  const texts = [spec.cwd, ...spec.argv, ...Object.entries(spec.env).flat()];
  if (texts.some(text => text.includes('\0'))) {
    return permanent('EINVAL', 'the command, its folder or its environment holds a NUL character: remove it');
  }
  return null;
}

/** For a start that hangs: code `ETIMEDOUT`. */
export function startTooSlow(limitMs: number): StartError {
  return {
    code: 'ETIMEDOUT',
    message: `the command could not be started within ${limitMs / 1000} s: the machine is overloaded, or its keeper (perl) was stopped`,
    permanent: false,
  };
}

const permanent = (code: string, message: string): StartError => ({ code, message, permanent: true });

function passing(code: string, spec: StartSpec): StartError {
  const why = PASSING[code] ?? `the system says ${code}`;
  return { code, message: `${program(spec)} could not be started: ${why}`, permanent: false };
}

const PASSING: Record<string, string> = {
  EAGAIN:
    'no more processes are allowed at the moment; see "ulimit -u" and the pids limit of the container or service',
  ENOMEM: 'there is not enough memory at the moment',
  EMFILE: 'the supervisor has too many files open; see "ulimit -n"',
  ENFILE: 'the machine has too many files open',
  ETXTBSY: 'its file is being written at the moment',
};

function cwdError(code: string, cwd: string): StartError {
  const why = CWD[code];
  if (why !== undefined) return permanent('CWD', `the working folder ${cwd} ${why}, or change "cwd"`);
  return {
    code: 'CWD',
    message: `the working folder ${cwd} cannot be entered: the system says ${code}`,
    permanent: false,
  };
}

const CWD: Record<string, string> = {
  ENOENT: 'does not exist: create it',
  ENOTDIR: 'is not a folder: make it one',
  EACCES: 'may not be entered: allow it',
};

function explainMissing(spec: StartSpec): StartError {
  const path = file(spec);
  if (path !== null) return permanent('INTERPRETER', `${nameOf(spec, path)} ${lackOf(path)}`);
  if (program(spec).includes('/'))
    return permanent(
      'ENOENT',
      `${inCwd(spec, program(spec))} does not exist: correct "command", or create it`,
    );
  return permanent('ENOENT', notInPathMessage(spec));
}

function lackOf(path: string): string {
  const interpreter = interpreterOf(path);
  return interpreter === null
    ? 'exists, but the loader or interpreter that it needs does not: it may be built for another system'
    : `asks in its first line for ${interpreter}, which does not exist: mend that line, or install the program`;
}

function notInPathMessage(spec: StartSpec): string {
  const here = exists(inCwd(spec, program(spec)))
    ? ` (there is one in the working folder: write "./${program(spec)}")`
    : '';
  return `${program(spec)} is in no folder of PATH${here}: install it, or give its full path in "command"; looked in ${searchedFolders(spec)}`;
}

function deniedMessage(spec: StartSpec): string {
  const path = file(spec) ?? inCwd(spec, program(spec));
  const name = nameOf(spec, path);
  if (isFolder(path)) return `${name} is a folder, not a program: correct "command"`;
  const interpreter = interpreterOf(path);
  if (isExecutable(path) && interpreter !== null)
    return `${name} asks in its first line for ${interpreter}, which may not be executed`;
  if (isExecutable(path)) return `${name} may not be executed here: its file system may be mounted "noexec"`;
  return `${name} may not be executed: run "chmod +x" on it, or put its interpreter before it in "command"`;
}

function found(spec: StartSpec): string {
  const path = file(spec);
  return path === null ? program(spec) : nameOf(spec, path);
}
