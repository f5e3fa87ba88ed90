import { WatchkeeperError } from '../errors.ts';
import type { Store } from './store.ts';

/** So many are known, the newest: of a file that is replaced once a minute those of the last 16 hours. */
const MOST = 1_000;

/**
 * Which versions of a file were written here, by supervisors before this one too: the sum of the content of each, kept in the store, so
 * that a version that git brings back is told from one that somebody has edited.
 */
export class KnownVersions {
  readonly #facts: Pick<Store, 'fact' | 'setFact'>;
  readonly #key: string;
  #sums: number[] | null = null;

  /** @param file its name */
  constructor(facts: Pick<Store, 'fact' | 'setFact'>, file: string) {
    this.#facts = facts;
    this.#key = `versions:${file}`;
  }

  /** @throws WatchkeeperError 'store' */
  has(sum: number): boolean {
    return this.#known().includes(sum);
  }

  /**
   * Where the store cannot be written now, the next version is noted together with this one.
   *
   * @throws WatchkeeperError 'fenced' or 'lost' where the store is not ours any more; 'store' where it cannot be read
   */
  add(sum: number): void {
    this.#sums = [...this.#known().filter(known => known !== sum), sum].slice(-MOST);
    try {
      this.#facts.setFact(this.#key, textOf(this.#sums), 'process');
    } catch (error) {
      if (!(error instanceof WatchkeeperError) || error.permanent) throw error;
    }
  }

  #known(): number[] {
    this.#sums ??= sumsOf(this.#facts.fact(this.#key));
    return this.#sums;
  }
}

function textOf(sums: readonly number[]): string {
  return Buffer.from(Uint32Array.from(sums).buffer).toString('base64');
}

/** None where it is nothing of that kind. */
function sumsOf(value: unknown): number[] {
  const bytes = Buffer.from(typeof value === 'string' ? value : '', 'base64');
  return [...new Uint32Array(new Uint8Array(bytes).buffer, 0, bytes.length >> 2)];
}
