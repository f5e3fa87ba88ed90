import { dirname } from 'node:path';
import { ALL, type Change, contentOf, type DataFate, type FileData, versionOf } from './content.ts';
import { isSharedMemory, type Operation, type Recording } from './operations.ts';

/** What a crash leaves, chosen: how many of the pending changes of names have arrived, and for each file what of its data. */
export interface Choice {
  names: number;
  data(pending: readonly Change[], node: number): DataFate;
}

/** What a crash leaves: the files by their paths; null is a folder. The same key means the same content. */
export interface Left {
  key: string;
  files(): Map<string, Buffer | null>;
}

/** Names that change together: a rename takes one away and gives another. */
interface NameChange {
  folder: string;
  set: [path: string, node: number | null][];
}

interface Node extends FileData {
  folder: boolean;
}

/**
 * A disk as POSIX promises it and no better: data is safe after an fsync of its file, a name after an fsync of its folder.
 * Names change in their order, as in every journal of metadata; data arrives in any order, in part, or not at all.
 */
export class Disk {
  readonly #nodes = new Map<number, Node>();
  readonly #durable = new Map<string, number>();
  readonly #live = new Map<string, number>();
  #pending: NameChange[] = [];

  constructor({ base }: Recording) {
    for (const { path, node, content } of base) {
      this.#addNode(node, content === null, path, content ?? Buffer.alloc(0));
      this.#durable.set(path, node);
      this.#live.set(path, node);
    }
  }

  /** How many changes of names are not yet safe. */
  get pendingNames(): number {
    return this.#pending.length;
  }

  /** How many changes of data are not yet safe. */
  get pendingData(): number {
    return [...this.#nodes.values()].reduce((sum, { pending }) => sum + pending.length, 0);
  }

  /** @param index the number of the operation, never the same twice */
  apply(operation: Operation, index: number): void {
    switch (operation.kind) {
      case 'create':
        if (!this.#nodes.has(operation.node))
          this.#addNode(operation.node, operation.folder, operation.path, Buffer.alloc(0));
        this.#rename([[operation.path, operation.node]]);
        return;
      case 'rename': {
        const node = this.#known(operation.from);
        const taken: [string, null] = [operation.from, null];
        this.#rename([taken, [operation.to, node]]);
        return;
      }
      case 'link':
        this.#rename([[operation.to, this.#known(operation.from)]]);
        return;
      case 'remove':
        this.#rename([[operation.path, null]]);
        return;
      case 'write':
      case 'resize':
        this.#node(operation.node).pending.push({ ...operation, index });
        return;
      case 'sync':
        this.#sync(this.#node(operation.node));
        return;
      case 'syncFolder':
        this.#syncFolder(operation.path);
        return;
      case 'given':
        this.#give(operation.path, operation.node, operation.content, index);
        return;
      case 'mark':
        return;
    }
  }

  /** What everybody sees at a path as long as nothing crashes; null where nothing is there. */
  live(path: string): { version: string; content(): Buffer } | null {
    const id = this.#live.get(path);
    if (id === undefined) return null;
    const node = this.#node(id);
    return { version: versionOf(node, ALL), content: () => contentOf(node, ALL) };
  }

  left({ names, data }: Choice): Left {
    const namespace = this.#namespace(names);
    const chosen = namespace.map(([path, id]) => {
      const node = this.#node(id);
      if (node.folder || node.shared) return { path, id, node, fate: null };
      return { path, id, node, fate: node.pending.length === 0 ? null : data(node.pending, id) };
    });
    const keys = chosen.map(
      ({ path, node, fate }) => `${path}=${fate === null ? node.version : versionOf(node, fate)}`,
    );
    return {
      key: keys.join('\n'),
      files: () =>
        new Map(chosen.map(({ path, node, fate }) => [path, node.folder ? null : contentOf(node, fate)])),
    };
  }

  #addNode(id: number, folder: boolean, path: string, durable: Buffer): void {
    const shared = isSharedMemory(path);
    this.#nodes.set(id, { folder, shared, durable, version: `${id}@`, pending: [] });
  }

  #rename(set: NameChange['set']): void {
    for (const [path, node] of set) setName(this.#live, path, node);
    this.#pending.push({ folder: folderOf(set[0]?.[0] ?? ''), set });
  }

  #give(path: string, id: number, content: Buffer | null, index: number): void {
    setName(this.#live, path, content === null ? null : id);
    setName(this.#durable, path, content === null ? null : id);
    if (content === null) return;
    this.#addNode(id, false, path, content);
    this.#node(id).version = `${id}@${index}`;
  }

  #sync(node: Node): void {
    const last = node.pending.at(-1);
    if (last === undefined) return;
    node.durable = contentOf(node, ALL);
    node.version = versionOf(node, ALL);
    node.pending = [];
  }

  #syncFolder(folder: string): void {
    const [synced, rest] = [[] as NameChange[], [] as NameChange[]];
    for (const change of this.#pending) (change.folder === folder ? synced : rest).push(change);
    for (const { set } of synced) for (const [path, node] of set) setName(this.#durable, path, node);
    this.#pending = rest;
  }

  /** The first so many pending changes of names have arrived. A name in a folder that has not is not there. */
  #namespace(count: number): [string, number][] {
    const names = new Map(this.#durable);
    for (const { set } of this.#pending.slice(0, count))
      for (const [path, node] of set) setName(names, path, node);
    const isThere = (path: string): boolean => path === '' || (names.has(path) && isThere(folderOf(path)));
    return [...names].filter(([path]) => isThere(path)).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  #known(path: string): number {
    const node = this.#live.get(path);
    if (node === undefined) throw new Error(`${path} is not there`);
    return node;
  }

  #node(id: number): Node {
    const node = this.#nodes.get(id);
    if (node === undefined) throw new Error(`there is no file ${id}`);
    return node;
  }
}

function setName(names: Map<string, number>, path: string, node: number | null): void {
  if (node === null) names.delete(path);
  else names.set(path, node);
}

/** Of a path relative to the workspace; that of the workspace is itself. */
function folderOf(path: string): string {
  const folder = dirname(path);
  return folder === '.' ? '' : folder;
}
