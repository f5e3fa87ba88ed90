import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parsedJson } from '../json.ts';
import { sweepShared, writeFileAtomic } from './atomic.ts';
import { ensureFolder } from './folders.ts';
import { readRegularFile } from './read-file.ts';
import { fileKind } from './set-aside.ts';

const FOLDER = 'models';
const MOST_BYTES = 20e6;

/**
 * The files of trained models, `data/models/MODULE/FILE`: a convenience beside the store. What is lost or damaged is trained again.
 */
export class ModelFiles {
  readonly #folder: string;
  readonly #now: () => number;

  constructor(dataFolder: string, now: () => number) {
    this.#folder = join(dataFolder, FOLDER);
    this.#now = now;
  }

  /** What the JSON file holds; undefined where there is none that can be read. */
  read(module: string, file: string): unknown {
    if (fileKind(join(this.#folder, module)) !== 'folder') return undefined; // behind a link is nothing of ours
    const read = readRegularFile(join(this.#folder, module, file), MOST_BYTES);
    return read === null || 'problem' in read ? undefined : parsedJson(read.content.toString());
  }

  /** @returns the path. @throws WatchkeeperError 'file' */
  write(module: string, file: string, content: string | Uint8Array): string {
    const folder = join(this.#folder, module);
    ensureFolder(this.#folder, this.#now());
    ensureFolder(folder, this.#now());
    const path = join(folder, file);
    writeFileAtomic(path, content, this.#now());
    return path;
  }

  /** Removes what a killed process has left half-written. */
  sweep(): void {
    if (fileKind(this.#folder) !== 'folder') return;
    for (const { name } of readdirSync(this.#folder, { withFileTypes: true }).filter(entry =>
      entry.isDirectory(),
    )) {
      sweepShared(join(this.#folder, name), this.#now());
    }
  }
}
