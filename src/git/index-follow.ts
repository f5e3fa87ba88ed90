import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Git } from './call.ts';
import { type PreparedIndex, prepareIndex, swapIndex, type Wanted } from './index-swap.ts';
import type { Place } from './place.ts';

const PAUSE_MS = 20;

export interface FollowOptions {
  /** So long we wait for somebody else's lock. */
  patienceMs: number;
  /** Checked while the lock is held: false gives up. */
  stillRight: () => boolean;
  /** Called before the index is changed, with what will change; waited for. */
  beforeSwap?: (prepared: PreparedIndex) => Promise<void>;
}

/**
 * What became of it. `done`: each wanted entry is there, or the user has something else in its place (`swapped`: our
 * copy, where one was needed). `locked`: somebody held the lock all the time. `moved`: the user has gone elsewhere.
 */
export type Followed =
  | { kind: 'done'; swapped: PreparedIndex | null }
  | { kind: 'locked' }
  | { kind: 'moved' };

/** Gives the user's index the wanted entries. */
export async function followIndex(
  git: Git,
  place: Place,
  wanted: Map<string, Wanted>,
  options: FollowOptions,
): Promise<Followed> {
  const giveUpMs = performance.now() + options.patienceMs;
  for (;;) {
    const prepared = await prepareIndex(git, place, wanted);
    if (prepared === null) return { kind: 'done', swapped: null };
    const result = await swapWhenFree(prepared, options, giveUpMs);
    if (result === 'swapped') return { kind: 'done', swapped: prepared };
    if (result === 'locked') return { kind: 'locked' };
    if (!options.stillRight()) return { kind: 'moved' };
  }
}

async function swapWhenFree(
  prepared: PreparedIndex,
  { beforeSwap, stillRight }: FollowOptions,
  giveUpMs: number,
): Promise<'swapped' | 'locked' | 'changed'> {
  try {
    await beforeSwap?.(prepared);
    for (;;) {
      const result = swapIndex(prepared, stillRight);
      if (result !== 'locked' || performance.now() > giveUpMs) return result;
      await sleep(PAUSE_MS);
    }
  } finally {
    rmSync(prepared.copy, { force: true });
  }
}
