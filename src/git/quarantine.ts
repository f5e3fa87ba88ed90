import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Location } from './place.ts';

/** Tells the folders of this process from those that a killed one has left: there is one supervisor a workspace. */
const SESSION = randomUUID();

/**
 * A folder beside the objects in which git writes new ones without anybody seeing them yet, as for what is pushed to it;
 * it reads the others as ever. Git gives such folders names like this one, and its `prune` removes old ones.
 */
export function newQuarantine(place: Location): {
  folder: string;
  env: Record<string, string>;
  remove(): void;
} {
  const objects = join(place.commonDir, 'objects');
  const folder = join(objects, `${prefixOf(place)}${SESSION}-${randomUUID()}`);
  mkdirSync(join(folder, 'pack'), { recursive: true, mode: 0o700 });
  return {
    folder,
    env: {
      GIT_OBJECT_DIRECTORY: folder,
      // In quotes a path may hold the colon that stands between paths.
      GIT_ALTERNATE_OBJECT_DIRECTORIES: `"${objects.replace(/["\\]/g, '\\$&')}"`,
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Removes those that a killed supervisor of this workspace has left. */
export function removeQuarantines(place: Location): void {
  const objects = join(place.commonDir, 'objects');
  const left = readdirSync(objects).filter(
    name => name.startsWith(prefixOf(place)) && !name.startsWith(`${prefixOf(place)}${SESSION}`),
  );
  for (const name of left) rmSync(join(objects, name), { recursive: true, force: true });
}

function prefixOf({ gitDir, prefix }: Location): string {
  const workspace = createHash('sha256').update(`${gitDir}\0${prefix}`).digest('hex').slice(0, 12);
  return `tmp_objdir-watchkeeper-${workspace}-`;
}
