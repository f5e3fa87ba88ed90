import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import type { ModuleCounts, Run } from '../glossary/run.ts';
import { PERFORMANCE_FILE } from './performance.ts';
import {
  countsSchema,
  fileSchema,
  moduleNameSchema,
  moduleSchema,
  PERFORMANCE_VERSION,
  runSchema,
} from './performance-schema.ts';
import { isPlausible } from './plausible.ts';
import { readRegularFile } from './read-file.ts';
import { countsOf, plus } from './runs.ts';
import { keepCopy, setAside } from './set-aside.ts';

/** 1,000 modules with 100 runs each take 45 MB. */
const MAX_BYTES = 128e6;

export interface ImportedModule {
  counts: ModuleCounts;
  /** Oldest first. */
  runs: Run[];
}

export interface ImportedHistory {
  modules: Record<string, ImportedModule>;
  /** Entries that were passed over, because they are not what they should be. */
  refused: number;
  /** A copy of a file of which something was refused, so that nothing of it is lost; null where all was taken. */
  copy: string | null;
}

/**
 * Reads the history that `performance.json` holds. A file that is no such file (other bytes, cut off, a FIFO, of a newer
 * version) is set aside; single entries that are wrong are passed over.
 *
 * @returns null where there is no file
 * @throws WatchkeeperError 'file' where it cannot be read although it may be good
 */
export function readPerformance(
  dataFolder: string,
  nowMs: number,
): ImportedHistory | { problem: string; setAside: string } | null {
  const path = join(dataFolder, PERFORMANCE_FILE);
  const seen = lookAtPerformance(dataFolder);
  if (seen === null) return null;
  if ('problem' in seen) return { problem: seen.problem, setAside: setAside(path, nowMs) };
  return { ...seen, copy: seen.refused === 0 ? null : keepCopy(path, nowMs) };
}

/** The same, and changes nothing: for whoever only looks. */
export function lookAtPerformance(
  dataFolder: string,
): Omit<ImportedHistory, 'copy'> | { problem: string } | null {
  const read = readRegularFile(join(dataFolder, PERFORMANCE_FILE), MAX_BYTES);
  if (read === null) return null;
  const parsed = 'problem' in read ? read.problem : parse(read.content);
  return typeof parsed === 'string' ? { problem: parsed } : modulesOf(parsed);
}

/** @returns the part with the modules, or a problem in words */
function parse(content: Buffer): Record<string, unknown> | string {
  if (!isUtf8(content)) return 'is not UTF-8 text';
  if (!isPlausible(content)) return 'is no list of runs';
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(content)); // a decoder, because it drops a byte order mark
  } catch {
    return 'is not JSON (cut off or edited?)';
  }
  const file = fileSchema.safeParse(value);
  if (!file.success) return 'has no version and modules';
  if (file.data.version > PERFORMANCE_VERSION) {
    return `is of a newer Watchkeeper (format ${file.data.version}; this one knows ${PERFORMANCE_VERSION})`;
  }
  return file.data.modules;
}

function modulesOf(modules: Record<string, unknown>): Pick<ImportedHistory, 'modules' | 'refused'> {
  let refused = 0;
  const ids = new Set<string>();
  const entries: [string, ImportedModule][] = [];
  for (const [name, value] of Object.entries(modules)) {
    const shape = moduleSchema.safeParse(value);
    if (!shape.success || !moduleNameSchema.safeParse(name).success) {
      refused += 1;
      continue;
    }
    const runs = shape.data.runs
      .flatMap(run => runOf(name, run) ?? [])
      .filter(({ id }) => !ids.has(id) && ids.add(id)); // each run once, in the module that shows it first
    refused += shape.data.runs.length - runs.length;
    const counts = countsSchema.safeParse(value);
    if (!counts.success) refused += 1;
    entries.push([name, { runs, counts: counts.success ? counts.data : sumOf(runs) }]);
  }
  return { modules: Object.fromEntries(entries), refused };
}

/** A run as a file or a damaged store shows it; null where it is none. */
export function runOf(module: string, value: unknown): Run | null {
  const run = runSchema.safeParse(value);
  if (!run.success || Number.isNaN(Date.parse(run.data.endedAt))) return null;
  const { id, ...rest } = run.data;
  return { id, module, ...rest };
}

/** What runs count together. */
export function sumOf(runs: Run[]): ModuleCounts {
  return runs.map(countsOf).reduce(plus, { successCount: 0, errorCount: 0, restartCount: 0 });
}
