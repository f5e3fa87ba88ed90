import type { BigIntStats } from 'node:fs';
import type { IndexEntry } from './index-entries.ts';
import type { TreePath } from './tree.ts';

/** The folders of one commit from its root down to one folder. */
export interface KnownTrees {
  commit: string;
  folder: string;
  path: TreePath;
}

/** What an index has of some files, and the index file in which that was so. */
export interface KnownIndex {
  seen: BigIntStats;
  entries: ReadonlyMap<string, IndexEntry>;
}

/**
 * What a commit of ours leaves known, so that the next need not ask git again. Each counts only where the next one
 * begins with that very commit, and with that very index file.
 */
export interface Memory {
  trees: KnownTrees | null;
  index: KnownIndex | null;
}
