import type { Salvage } from './adopt.ts';
import type { Judge } from './judge-all.ts';

export interface MendRecords {
  /** What had to be set aside or mended, and what is refused, in words for the user: each is given out once. */
  notices(): string[];
  /** How often something had to be mended: after each time, what was read before may be different. */
  mends(): number;
  /** How a state is made again from a module's runs. Mends what was found damaged and has waited for it. */
  judgeWith(judge: Judge): void;
  /** What could still be read of the damaged store that was set aside for this one. */
  salvaged(): Salvage;
}

/** What mends a store. Only writers have one: it needs much that takes a reader's time to load. */
export interface Mends extends MendRecords {
  /** @returns whether what failed is worth another try. @throws WatchkeeperError 'store', 'file' where it cannot be mended now */
  mend(error: unknown): boolean;
}

/** The same methods, each of which is called again after what it met was mended. */
export function mending<Records extends object>(records: Records, mender: Pick<Mends, 'mend'>): Records {
  const entries = Object.entries(records) as [string, (...args: unknown[]) => unknown][];
  const mended = entries.map(([name, method]) => {
    const again = (...args: unknown[]): unknown => {
      try {
        return method(...args);
      } catch (error) {
        if (!mender.mend(error)) throw error;
        return method(...args);
      }
    };
    return [name, again];
  });
  return Object.fromEntries(mended) as Records;
}
