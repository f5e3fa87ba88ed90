import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import { withinTime } from './call.ts';
import type { Configuration } from './configuration.ts';
import type { NamedObject } from './draft.ts';
import { noteObjects, readNotedObjects } from './ledger.ts';
import { packOwnObjects } from './pack.ts';
import type { Location } from './place.ts';
import { loosePath } from './private-folder.ts';

/** So many loose objects of ours are left lying: about 200 commits, 8 MB. Packing them takes half a second. */
const LIMIT = 1_000;
/** One of so many bytes counts as one, a larger one as several: a log of years is a megabyte in each commit. At most 50 MB come together. */
const BYTES_OF_ONE = 50_000;
const TIMEOUT_MS = 60_000;
/** At the end, one that is under way may still take so long. */
const PATIENCE_MS = 2_000;

/**
 * Packs what our commits add, in the background, now and then: git itself does that only after commands of the user, and
 * perhaps there is no user. Nothing waits for it but the end.
 */
export class Packing {
  readonly #warn: (message: string) => void;
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;
  /** Objects noted and not packed yet, large ones several times; null: not counted yet. */
  #count: number | null = null;
  /** After a failure more have to come together before the next try. */
  #least = 0;
  #isFailing = false;

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  /** A commit has added these objects. */
  added(place: Location, objects: readonly NamedObject[]): void {
    const limit = packingLimit(place.configuration);
    if (limit === null || this.#stop.signal.aborted) return;
    try {
      this.#count ??= weightOf(place, readNotedObjects(place).keys());
      noteObjects(place, objects);
      this.#count += weightOf(
        place,
        objects.map(({ oid }) => oid),
      );
    } catch {
      return; // a full disk: they stay as they are
    }
    if (this.#running === null && this.#count >= Math.max(limit, this.#least)) {
      this.#running = this.#pack(place, this.#count).finally(() => {
        this.#running = null;
      });
    }
  }

  /** Waits a little for what is under way, then ends it. */
  async close(): Promise<void> {
    const patience = new AbortController();
    const limit = sleep(PATIENCE_MS, null, { signal: patience.signal }).catch(() => null);
    await Promise.race([this.#running, limit]);
    patience.abort();
    this.#stop.abort();
    await this.#running;
  }

  async #pack(place: Location, count: number): Promise<void> {
    try {
      const work = withinTime(
        TIMEOUT_MS,
        place.top,
        git => packOwnObjects(git(null), place),
        this.#stop.signal,
      );
      if ((await work) === 0) return; // at the next commit
      this.#count = null;
      this.#least = 0;
      this.#isFailing = false;
    } catch (error) {
      this.#least = count * 2;
      if (this.#stop.signal.aborted || this.#isFailing) return;
      this.#isFailing = true;
      this.#warn(
        `The supervisor's commits could not be packed: ${messageOf(error)}. It is tried again later.`,
      );
    }
  }
}

function weightOf(place: Location, oids: Iterable<string>): number {
  let weight = 0;
  for (const oid of oids) {
    const size = statSync(loosePath(place, oid), { throwIfNoEntry: false })?.size ?? 0;
    weight += Math.max(1, Math.ceil(size / BYTES_OF_ONE));
  }
  return weight;
}

/** How many loose objects of ours come together before they are packed; null: the user has switched such things off. */
export function packingLimit({ values }: Configuration): number | null {
  const isOff = (name: string): boolean => /^(false|no|off|0*|-.*)$/i.test(values.get(name) ?? 'true');
  if (['maintenance.auto', 'maintenance.gc.enabled', 'gc.auto'].some(isOff)) return null;
  if (values.has('extensions.preciousobjects') && !isOff('extensions.preciousobjects')) return null;
  const [, digits, unit = ''] = /^(\d+)([kmg]?)$/i.exec(values.get('gc.auto') ?? '') ?? [];
  return digits === undefined ? LIMIT : Number(digits) * 1024 ** ' kmg'.indexOf(unit.toLowerCase() || ' ');
}
