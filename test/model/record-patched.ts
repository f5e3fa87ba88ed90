import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { isSharedMemory, type Recording } from './operations.ts';
import { type Handle, type OpenFlags, Recorder } from './recorder.ts';
import type { Scenario } from './scenarios.ts';

/**
 * Records a scenario's work in this process, where there is no strace: Node's own file functions are watched while it runs.
 * SQLite writes past them; its files are taken as they stand before each call, as if they were safe at once. So this finds
 * what is wrong with the small writers and with the order of things, and trusts SQLite.
 *
 * Only for work that does not end in a kill, and neither renames nor overwrites the store.
 */
export async function recordPatched({ act }: Scenario, root: string): Promise<Recording> {
  const recorder = new Recorder(root);
  const original = Object.fromEntries(Object.keys(TELL).map(name => [name, functions[name]]));
  const lookAtStore = storeFiles(recorder, join(root, 'data'));
  const watched = watch(recorder, lookAtStore);
  Object.assign(fs, watched.functions);
  syncBuiltinESMExports();
  try {
    await act(root, mark => {
      watched.look();
      recorder.mark(mark);
    });
    watched.look();
  } finally {
    Object.assign(fs, original);
    syncBuiltinESMExports();
  }
  return recorder.recording();
}

type Arguments = readonly unknown[];
type Function = (...args: Arguments) => unknown;

const functions = fs as unknown as Record<string, Function>;

interface Told {
  recorder: Recorder;
  handles: Map<number, Handle>;
  result: unknown;
  /** Whether there was something at the path before. */
  wasThere: boolean;
}

/** The functions with which the product changes files, and what each means. */
const TELL: Record<string, (told: Told, ...args: Arguments) => void> = {
  openSync(told, path, flags) {
    const fd = Number(told.result);
    told.handles.delete(fd);
    const open = openFlags(flags);
    if (told.wasThere && !open.truncate && flags === 'r') return; // changes nothing, and may be SQLite's
    const handle = told.recorder.open(String(path), open);
    if (handle !== null) told.handles.set(fd, handle);
  },
  closeSync: ({ handles }, fd) => void handles.delete(Number(fd)),
  writeSync({ recorder, handles, result }, fd, data, offset) {
    const handle = handles.get(Number(fd));
    const from = typeof offset === 'number' ? offset : 0;
    const bytes = Buffer.from(data as Uint8Array).subarray(from, from + Number(result));
    if (handle !== undefined) recorder.write(handle, Buffer.from(bytes), null);
  },
  writevSync({ recorder, handles, result }, fd, pieces) {
    const handle = handles.get(Number(fd));
    const bytes = Buffer.concat(pieces as Uint8Array[]).subarray(0, Number(result));
    if (handle !== undefined) recorder.write(handle, bytes, null);
  },
  fsyncSync: sync,
  fdatasyncSync: sync,
  renameSync: ({ recorder }, from, to) => recorder.rename(String(from), String(to)),
  linkSync: ({ recorder }, from, to) => recorder.link(String(from), String(to)),
  unlinkSync: ({ recorder }, path) => recorder.remove(String(path)),
  rmdirSync: ({ recorder }, path) => recorder.remove(String(path)),
  rmSync: ({ recorder, wasThere }, path) => wasThere && recorder.remove(String(path)),
  mkdirSync: ({ recorder, wasThere }, path) => !wasThere && recorder.makeFolder(String(path)),
};

function sync({ recorder, handles }: Told, fd: unknown): void {
  const handle = handles.get(Number(fd));
  if (handle !== undefined) recorder.sync(handle);
}

/** The same functions, telling the recorder of what they do. What Node does inside of them is no call of its own. */
function watch(
  recorder: Recorder,
  lookAtStore: () => void,
): { functions: Record<string, Function>; look(): void } {
  const handles = new Map<number, Handle>();
  let inside = false;
  const within = <T>(act: () => T): T => {
    inside = true;
    try {
      return act();
    } finally {
      inside = false;
    }
  };
  const watched = Object.entries(TELL).map(([name, tell]) => {
    const original = functions[name];
    if (original === undefined) throw new Error(`there is no function ${name}`);
    const call = (...args: Arguments): unknown => {
      if (inside) return original(...args);
      return within(() => {
        lookAtStore();
        const wasThere = typeof args[0] === 'string' && fs.existsSync(args[0]);
        const result = original(...args);
        tell({ recorder, handles, result, wasThere }, ...args);
        return result;
      });
    };
    return [name, call] as const;
  });
  return { functions: Object.fromEntries(watched), look: () => within(lookAtStore) };
}

function openFlags(flags: unknown): OpenFlags {
  const { O_CREAT, O_TRUNC, O_APPEND } = fs.constants;
  if (typeof flags !== 'number') {
    const text = String(flags ?? 'r');
    return { create: !text.startsWith('r'), truncate: text.startsWith('w'), append: text.startsWith('a') };
  }
  return {
    create: (flags & O_CREAT) !== 0,
    truncate: (flags & O_TRUNC) !== 0,
    append: (flags & O_APPEND) !== 0,
  };
}

/** Tells the recorder what SQLite's files hold by now, where that has changed. */
function storeFiles(recorder: Recorder, data: string): () => void {
  const known = new Map<string, Buffer>();
  return () => {
    const names = fs.existsSync(data) ? fs.readdirSync(data).filter(isStore) : [];
    for (const name of [...known.keys()].filter(name => !names.includes(name))) {
      known.delete(name);
      recorder.give(join(data, name), null);
    }
    for (const name of names) {
      const content = fs.readFileSync(join(data, name));
      if (known.get(name)?.equals(content) === true) continue;
      known.set(name, content);
      recorder.give(join(data, name), content);
    }
  };
}

function isStore(name: string): boolean {
  return name.startsWith('watchkeeper.db') && !isSharedMemory(name);
}
