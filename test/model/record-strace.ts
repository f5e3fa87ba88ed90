import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingOf } from '../faults/needs.ts';
import type { Mark, Recording } from './operations.ts';
import { type Handle, Recorder } from './recorder.ts';
import { bytesOf, type Call, callsOf, straceArguments, textOf, vectorOf } from './strace-calls.ts';

const WORK = fileURLToPath(new URL('./work.ts', import.meta.url));

/** Why nothing can be recorded with strace here; null where it can. */
export function whyNoStrace(): string | null {
  return missingOf(['linux', 'strace']);
}

/**
 * Runs a scenario's work in a process of its own under strace, in a workspace that is made ready.
 *
 * @returns all that it did to the files below the workspace, SQLite's own calls included
 * @throws where it failed, or did something that cannot be played
 */
export function recordWithStrace(scenario: string, root: string): Recording {
  const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-strace-'));
  try {
    const [log, marks] = [join(folder, 'log'), join(folder, 'marks')];
    const recorder = new Recorder(root);
    const program = [process.execPath, WORK, scenario, root, marks];
    const { status, signal, stderr, error } = spawnSync(
      'strace',
      [...straceArguments(log), '--', ...program],
      {
        encoding: 'utf8',
        timeout: 300_000,
      },
    );
    // A tracer ends as what it has traced: a scenario may end by a kill.
    if (error !== undefined || (status !== 0 && signal !== 'SIGKILL'))
      throw new Error(`${scenario} failed under strace: ${error?.message ?? stderr}`);
    replay(recorder, callsOf(readFileSync(log, 'latin1')), marks);
    return recorder.recording();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function replay(recorder: Recorder, calls: Iterable<Call>, marks: string): void {
  const handles = new Map<number, Handle>();
  let markFd = -1;
  for (const call of calls) {
    const fd = Number(call.args[0]);
    if (call.name === 'write' && fd === markFd) recorder.mark(JSON.parse(textOf(call.args[1])) as Mark);
    else if (isOpen(call) && pathOf(call) === marks) markFd = call.result;
    else if (call.name === 'close') {
      handles.delete(fd);
      if (fd === markFd) markFd = -1;
    } else if (isOpen(call)) open(recorder, handles, call);
    else if (NAME_CALLS[call.name] !== undefined) NAME_CALLS[call.name]?.(recorder, call);
    else data(recorder, handles.get(call.name === 'mmap' ? Number(call.args[4]) : fd) ?? null, call, handles);
  }
}

function isOpen({ name }: Call): boolean {
  return name === 'open' || name === 'openat';
}

function open(recorder: Recorder, handles: Map<number, Handle>, call: Call): void {
  const flags = new Set((call.args[call.name === 'open' ? 1 : 2] ?? '').split('|'));
  const handle = recorder.open(pathOf(call), {
    create: flags.has('O_CREAT'),
    truncate: flags.has('O_TRUNC'),
    append: flags.has('O_APPEND'),
  });
  if (handle === null) handles.delete(call.result);
  else handles.set(call.result, handle);
}

/** A relative path means the folder that the process was started in, which is this one's. */
function pathOf({ name, args }: Call): string {
  return name === 'open' ? resolve(textOf(args[0])) : at(args[0], args[1]);
}

function at(folder: string | undefined, path: string | undefined): string {
  const text = textOf(path);
  if (folder !== 'AT_FDCWD' && !text.startsWith('/')) throw new Error(`a path below a descriptor: ${text}`);
  return resolve(text);
}

const NAME_CALLS: Record<string, (recorder: Recorder, call: Call) => void> = {
  rename: (recorder, { args }) => recorder.rename(resolve(textOf(args[0])), resolve(textOf(args[1]))),
  renameat: (recorder, { args }) => recorder.rename(at(args[0], args[1]), at(args[2], args[3])),
  link: (recorder, { args }) => recorder.link(resolve(textOf(args[0])), resolve(textOf(args[1]))),
  linkat: (recorder, { args }) => recorder.link(at(args[0], args[1]), at(args[2], args[3])),
  unlink: (recorder, { args }) => recorder.remove(resolve(textOf(args[0]))),
  rmdir: (recorder, { args }) => recorder.remove(resolve(textOf(args[0]))),
  unlinkat: (recorder, { args }) => recorder.remove(at(args[0], args[1])),
  mkdir: (recorder, { args }) => recorder.makeFolder(resolve(textOf(args[0]))),
  mkdirat: (recorder, { args }) => recorder.makeFolder(at(args[0], args[1])),
};

/** Calls by path that the product does not make, and that are not played. */
const REFUSED = [
  ...['openat2', 'creat', 'truncate', 'renameat2', 'symlink', 'symlinkat', 'mknod', 'mknodat'],
  ...['chdir', 'fchdir', 'sync', 'syncfs', 'splice'],
];

/** What a descriptor is used for. Anything that is not known here would make the recording a wrong one. */
function data(recorder: Recorder, handle: Handle | null, call: Call, handles: Map<number, Handle>): void {
  const { name, args, result } = call;
  if (REFUSED.includes(name)) throw new Error(`${name} cannot be played`);
  if (name === 'copy_file_range' || name === 'sendfile') refuseCopy(call, handles);
  else if (handle === null) return;
  else if (name === 'write') recorder.write(handle, bytesOf(args[1]).subarray(0, result), null);
  else if (name === 'writev') recorder.write(handle, vectorOf(args[1]).subarray(0, result), null);
  else if (name === 'pwrite64') recorder.write(handle, bytesOf(args[1]).subarray(0, result), Number(args[3]));
  else if (name === 'ftruncate') recorder.resize(handle, Number(args[1]));
  else if (name === 'fsync' || name === 'fdatasync') recorder.sync(handle);
  else if (name === 'mmap') refuseMapping(handle, call);
  else if (name === 'fcntl' && !(args[1] ?? '').startsWith('F_DUPFD')) return;
  else throw new Error(`${name} of ${handle.path} cannot be played`);
}

function refuseCopy({ name, args }: Call, handles: Map<number, Handle>): void {
  const target = handles.get(Number(args[name === 'sendfile' ? 0 : 2]));
  if (target !== undefined) throw new Error(`${name} to ${target.path} cannot be played`);
}

/** Only SQLite's shared memory is written through the memory. */
function refuseMapping({ path }: Handle, { args }: Call): void {
  const isShared = (args[3] ?? '').includes('MAP_SHARED') && (args[2] ?? '').includes('PROT_WRITE');
  if (isShared && !path.endsWith('-shm')) throw new Error(`${path} is written through the memory`);
}
