import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { BenchResult } from '../glossary/benchmark.ts';
import { parsedJson } from '../json.ts';
import { writeFileAtomic } from './atomic.ts';
import { ensureFolder } from './folders.ts';
import { behindGateAtOnce } from './gate.ts';
import { moduleNameSchema } from './performance-schema.ts';
import { readRegularFile } from './read-file.ts';
import { fileKind, setAside } from './set-aside.ts';

const VERSION = 1;
/** Of each module in a suite the last so many results are kept, and of each metric the last so many values. */
const MOST = { results: 50, values: 1_000, bytes: 64e6 };

const machineSchema = z.object({
  cpu: z.string().max(200),
  cores: z.number().nonnegative(),
  memoryMb: z.number().nonnegative(),
  system: z.string().max(200),
  node: z.string().max(200),
});

const resultSchema = z.object({
  module: moduleNameSchema,
  time: z.iso.datetime(),
  revision: z.string().max(100).nullable(),
  machine: machineSchema,
  warmup: z.int().nonnegative(),
  values: z.record(z.string().max(200), z.array(z.number()).max(MOST.values)),
});

const suiteSchema = z.object({
  version: z.literal(VERSION),
  name: z.string(),
  results: z.array(resultSchema).max(100_000),
});

/** The results that were kept under one name, `data/bench/NAME.json`, oldest first. */
export class BenchSuite {
  readonly #path: string;
  readonly #folder: string;
  readonly #name: string;
  readonly #now: () => number;

  /** @param name fit for a file, as modules' names are */
  constructor(dataFolder: string, name: string, now: () => number) {
    this.#folder = join(dataFolder, 'bench');
    this.#path = join(this.#folder, `${name}.json`);
    this.#name = name;
    this.#now = now;
  }

  get path(): string {
    return this.#path;
  }

  /**
   * Before the runs: makes the folder. What is damaged is set aside, and said.
   *
   * @returns the last result of a module; null where there is none
   * @throws WatchkeeperError 'file' where nothing can be kept
   */
  begin(module: string, warn: (message: string) => void): BenchResult | null {
    ensureFolder(this.#folder, this.#now());
    return this.#read(warn).findLast(result => result.module === module) ?? null;
  }

  /**
   * Keeps a result behind the others, and forgets the oldest ones. Of two benchmarks that end at the same time neither takes the other's
   * result away.
   *
   * @throws WatchkeeperError 'file', 'store', 'held'
   */
  add(result: BenchResult, warn: (message: string) => void): void {
    const nowMs = this.#now();
    behindGateAtOnce(dirname(this.#folder), { nowMs, tell: warn }, () => this.#add(result, nowMs, warn));
  }

  #add(result: BenchResult, nowMs: number, warn: (message: string) => void): void {
    ensureFolder(this.#folder, nowMs);
    const kept = [...this.#read(warn), shortened(result)];
    const newest = kept.filter(({ module }) => module === result.module).slice(-MOST.results);
    const results = kept.filter(each => each.module !== result.module || newest.includes(each));
    const text = results.map(each => `    ${JSON.stringify(each)}`).join(',\n');
    const head = `{\n  "version": ${VERSION},\n  "name": ${JSON.stringify(this.#name)},\n  "results": [\n`;
    writeFileAtomic(this.#path, `${head}${text}\n  ]\n}\n`, nowMs);
  }

  #read(warn: (message: string) => void): BenchResult[] {
    if (fileKind(this.#folder) !== 'folder') return []; // behind a link is nothing of ours
    const read = readRegularFile(this.#path, MOST.bytes);
    if (read === null) return [];
    const found = 'problem' in read ? null : suiteSchema.safeParse(parsedJson(read.content.toString())).data;
    if (found) return found.results;
    const problem = 'problem' in read ? read.problem : 'is not what bench writes';
    warn(`${this.#path} ${problem}: set aside as ${setAside(this.#path, this.#now())}`);
    return [];
  }
}

function shortened(result: BenchResult): BenchResult {
  const values = Object.entries(result.values).map(([metric, each]) => [metric, each.slice(-MOST.values)]);
  return { ...result, values: Object.fromEntries(values) };
}
