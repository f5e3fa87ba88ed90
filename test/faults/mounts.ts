import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultContext } from './fault.ts';

/** A small file system of a row's own. Only in rows with `isolated: true`. */
export interface Disk {
  folder: string;
  /** Fills it to the last byte, except for so many. */
  fill(exceptBytes?: number): void;
  /** Makes room again. */
  free(): void;
  freeBytes(): number;
}

/** A file system in memory; `options` as for mount(8): `size=2m`, `nr_inodes=60`. */
export function mountTmpfs(context: FaultContext, options: string): Disk {
  const folder = emptyFolder(context);
  run('mount', '-t', 'tmpfs', '-o', options, 'none', folder);
  return mounted(context, folder);
}

/** A real one, in a file: it writes late, and can be told that its disk has failed (`/sys/fs/ext4/DEVICE`). */
export function mountExt4(
  context: FaultContext,
  megabytes: number,
  { blockBytes = 4096, journal = false }: { blockBytes?: number; journal?: boolean } = {},
): Disk & { device: string } {
  const folder = emptyFolder(context);
  const image = `${folder}.image`;
  run('truncate', '-s', `${megabytes}M`, image);
  const features = journal ? 'has_journal' : '^has_journal';
  run('mkfs.ext4', '-q', '-b', String(blockBytes), '-O', features, '-m', '0', image);
  run('mount', '-o', 'loop,errors=remount-ro', image, folder);
  const device = run('findmnt', '-n', '-o', 'SOURCE', folder).trim();
  rmSync(join(folder, 'lost+found'), { recursive: true });
  return { ...mounted(context, folder), device };
}

let views = 0;

/** Lays a read-only view of a folder over it: what is opened from now on cannot be written. @returns takes it away */
export function coverReadOnly(context: FaultContext, folder: string): () => void {
  // Made beside it: in its place, whoever writes there in the same moment would keep it from becoming read-only.
  const view = join(context.folder, `view-${++views}`);
  mkdirSync(view);
  run('mount', '--bind', folder, view);
  let cover = view;
  const uncover = (): void => {
    if (cover !== '') run('umount', '--lazy', cover);
    cover = '';
  };
  context.after(uncover);
  run('mount', '-o', 'remount,ro,bind', view);
  run('mount', '--move', view, folder);
  cover = folder;
  return uncover;
}

export function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

let disks = 0;

function emptyFolder(context: FaultContext): string {
  const folder = join(context.folder, `disk-${++disks}`);
  mkdirSync(folder);
  return folder;
}

function mounted(context: FaultContext, folder: string): Disk {
  context.after(() => void run('umount', '--lazy', folder));
  const inside = join(folder, 'ballast');
  const freeBytes = (): number => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  };
  return {
    folder,
    freeBytes,
    fill(exceptBytes = 0) {
      const pieces = [65_536, 4_096];
      for (const size of pieces) fillWith(inside, size, () => freeBytes() - exceptBytes >= size);
    },
    free: () => rmSync(inside, { force: true }),
  };
}

function fillWith(path: string, size: number, hasRoom: () => boolean): void {
  const piece = Buffer.alloc(size, 1);
  try {
    while (hasRoom()) writeFileSync(path, piece, { flag: 'a', flush: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}
