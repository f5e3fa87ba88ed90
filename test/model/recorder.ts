import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type BaseNode, isSharedMemory, type Mark, type Operation, type Recording } from './operations.ts';

/** An open file or folder of the workspace. */
export interface Handle {
  path: string;
  node: number;
  folder: boolean;
  append: boolean;
  position: number;
}

export interface OpenFlags {
  create: boolean;
  truncate: boolean;
  append: boolean;
}

/**
 * Makes operations of the calls that a recorder saw: knows which file a name means at each moment, where a descriptor stands,
 * and how large a file is. Paths are absolute; what lies outside the workspace is null and passed over.
 */
export class Recorder {
  readonly #root: string;
  readonly #base: BaseNode[];
  readonly #names = new Map<string, number>();
  readonly #folders = new Set<number>();
  readonly #sizes = new Map<number, number>();
  readonly #operations: Operation[] = [];
  #nodes = 0;

  constructor(root: string) {
    this.#root = root;
    this.#base = baseOf(root).map(entry => ({
      ...entry,
      node: this.#newNode(entry.path, entry.content === null),
    }));
    for (const { node, content } of this.#base) this.#sizes.set(node, content?.length ?? 0);
  }

  recording(): Recording {
    return { base: this.#base, operations: this.#operations };
  }

  mark(mark: Mark): void {
    this.#operations.push({ kind: 'mark', mark });
  }

  open(path: string, flags: OpenFlags): Handle | null {
    const name = this.#nameOf(path);
    if (name === null) return null;
    const known = this.#names.get(name);
    const { append } = flags;
    if (known === undefined && !flags.create)
      throw new Error(`${name} was opened and is not known to be there`);
    const node = known ?? this.#create(name, false);
    const handle = { path: name, node, folder: this.#folders.has(node), append, position: 0 };
    if (known !== undefined && flags.truncate) this.resize(handle, 0);
    return handle;
  }

  makeFolder(path: string): void {
    const name = this.#nameOf(path);
    if (name !== null) this.#create(name, true);
  }

  give(path: string, content: Buffer | null): void {
    const name = this.#inside(path);
    const node = this.#names.get(name) ?? this.#newNode(name, false);
    if (content === null) this.#names.delete(name);
    this.#operations.push({ kind: 'given', path: name, node, content });
  }

  /** @param offset null: where the descriptor stands */
  write(handle: Handle, data: Buffer, offset: number | null): void {
    const { node, path } = handle;
    const size = this.#sizes.get(node) ?? 0;
    const at = handle.append ? size : (offset ?? handle.position);
    if (offset === null) handle.position = at + data.length;
    this.#sizes.set(node, Math.max(size, at + data.length));
    if (!isSharedMemory(path)) this.#operations.push({ kind: 'write', node, offset: at, data });
  }

  resize({ node, path }: Handle, size: number): void {
    this.#sizes.set(node, size);
    if (!isSharedMemory(path)) this.#operations.push({ kind: 'resize', node, size });
  }

  sync({ node, path, folder }: Handle): void {
    this.#operations.push(folder ? { kind: 'syncFolder', path } : { kind: 'sync', node });
  }

  rename(from: string, to: string): void {
    if (this.#areOutside(from, to)) return;
    this.#rename(this.#inside(from), this.#inside(to));
  }

  link(from: string, to: string): void {
    if (this.#areOutside(from, to)) return;
    const [source, target] = [this.#inside(from), this.#inside(to)];
    this.#names.set(target, this.#known(source));
    this.#operations.push({ kind: 'link', from: source, to: target });
  }

  remove(path: string): void {
    const name = this.#nameOf(path);
    if (name === null) return;
    this.#names.delete(name);
    this.#operations.push({ kind: 'remove', path: name });
  }

  #rename(from: string, to: string): void {
    const node = this.#known(from);
    const inside = [...this.#names.keys()].some(name => name.startsWith(`${from}/`));
    if (inside) throw new Error(`${from} was renamed: folders with something in them cannot be played`);
    this.#names.delete(from);
    this.#names.set(to, node);
    this.#operations.push({ kind: 'rename', from, to });
  }

  #create(name: string, folder: boolean): number {
    const node = this.#newNode(name, folder);
    this.#sizes.set(node, 0);
    if (folder) this.#folders.add(node);
    this.#operations.push({ kind: 'create', path: name, node, folder });
    return node;
  }

  #newNode(name: string, folder: boolean): number {
    this.#nodes += 1;
    this.#names.set(name, this.#nodes);
    if (folder) this.#folders.add(this.#nodes);
    return this.#nodes;
  }

  #known(name: string): number {
    const node = this.#names.get(name);
    if (node === undefined) throw new Error(`${name} is not known to be there`);
    return node;
  }

  /** Relative to the workspace; the workspace itself is ''. Null outside. */
  #nameOf(path: string): string | null {
    const name = relative(this.#root, path);
    return name.startsWith('..') ? null : name;
  }

  #areOutside(...paths: string[]): boolean {
    return paths.every(path => this.#nameOf(path) === null);
  }

  #inside(path: string): string {
    const name = this.#nameOf(path);
    if (name === null) throw new Error(`${path} is outside the workspace, and something was moved there`);
    return name;
  }
}

/** All that is there now, the workspace itself first. */
function baseOf(root: string): Omit<BaseNode, 'node'>[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const nodes = entries.map(entry => {
    const path = join(entry.parentPath, entry.name);
    return { path: relative(root, path), content: entry.isDirectory() ? null : readFileSync(path) };
  });
  return [{ path: '', content: null }, ...nodes];
}
