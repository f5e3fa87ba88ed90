import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Git } from './call.ts';
import { isLocked } from './index-lock.ts';
import type { Swap } from './index-rename.ts';
import { type PreparedIndex, prepareIndex, swapIndex, type Wanted } from './index-swap.ts';
import type { KnownIndex } from './memory.ts';
import type { Place } from './place.ts';

const PAUSE_MS = 20;

export interface FollowOptions {
  /** So long we wait for somebody else's lock. */
  patienceMs: number;
  /** Checked right before the index is changed: false gives up. */
  stillRight: () => boolean;
  /** What is known of the index already. */
  known?: KnownIndex | null;
  /** Called before the index is changed, with what will change; waited for. */
  beforeSwap?: (prepared: PreparedIndex) => Promise<void>;
  /** Locked while the index is changed, but never while somebody else's index lock is waited for. */
  together?: { lock(): Promise<'locked' | 'conflict'>; unlock(): Promise<void> };
}

/**
 * What became of it. `done`: each wanted entry is there, or the user has something else in its place (`swapped`: our
 * copy, where one was needed), and what goes `together` with it is locked. `locked`: somebody held the index lock all the
 * time. `moved`: the user has gone elsewhere.
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
    const prepared = await prepareIndex(git, place, wanted, options.known ?? null);
    if (prepared === null) return { kind: 'done', swapped: null };
    const result = await swapWhenFree(prepared, options, giveUpMs);
    if (result === 'swapped') return { kind: 'done', swapped: prepared };
    if (result === 'locked') return { kind: 'locked' };
    if (result === 'conflict' || !options.stillRight()) return { kind: 'moved' };
  }
}

async function swapWhenFree(
  prepared: PreparedIndex,
  options: FollowOptions,
  giveUpMs: number,
): Promise<Swap | 'conflict'> {
  try {
    await options.beforeSwap?.(prepared);
    for (;;) {
      const result = isLocked(prepared.index) ? 'locked' : await swapNow(prepared, options);
      if (result !== 'locked' || performance.now() > giveUpMs) return result;
      await sleep(PAUSE_MS);
    }
  } finally {
    rmSync(prepared.copy, { force: true });
  }
}

async function swapNow(
  prepared: PreparedIndex,
  { stillRight, together }: FollowOptions,
): Promise<Swap | 'conflict'> {
  if ((await together?.lock()) === 'conflict') return 'conflict';
  const result = await swapIndex(prepared, stillRight);
  if (result !== 'swapped') await together?.unlock();
  return result;
}
