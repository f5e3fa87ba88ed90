import type { Change, DataFate, Fate } from './content.ts';
import type { Choice, Disk, Left } from './disk.ts';

/** What a crash at one moment has left. */
export interface CrashState extends Left {
  /** `killed`: the process alone, so that all that it did is there; `power`: the machine. */
  kind: 'killed' | 'power';
  /** Which of the possible outcomes this is, in words. */
  what: string;
}

const nothing = (pending: readonly Change[]): DataFate => ({ fates: pending.map(() => 'lost'), tail: null });
const everything = (pending: readonly Change[]): DataFate => ({
  fates: pending.map(() => 'kept'),
  tail: null,
});
const sizes = (pending: readonly Change[]): DataFate => ({ fates: pending.map(() => 'lost'), tail: 'zeros' });

/**
 * What a crash now can leave: the outcomes at the corners, and so many at random between them. The same key is given once.
 *
 * @param random from 0 to below 1
 */
export function crashStates(disk: Disk, atRandom: number, random: () => number): CrashState[] {
  const all = disk.pendingNames;
  const choices: [kind: CrashState['kind'], what: string, choice: Choice][] = [
    ['killed', 'the process was killed', { names: all, data: everything }],
    ['power', 'nothing that was not synced is there', { names: 0, data: nothing }],
    ['power', 'names are there, data that was not synced is not', { names: all, data: nothing }],
    ['power', 'names and sizes are there, data that was not synced is not', { names: all, data: sizes }],
    ['power', 'data is there, names that were not synced are not', { names: 0, data: everything }],
  ];
  const isSettled = all === 0 && disk.pendingData === 0;
  for (let count = 0; count < (isSettled ? 0 : atRandom); count += 1)
    choices.push(['power', 'some of what was not synced is there', randomChoice(all, random)]);
  const states = choices.map(([kind, what, choice]) => ({ kind, what, ...disk.left(choice) }));
  return states.filter(({ key }, index) => states.findIndex(state => state.key === key) === index);
}

function randomChoice(allNames: number, random: () => number): Choice {
  const names = Math.floor(random() * (allNames + 1));
  const share = random();
  const known = new Map<number, DataFate>(); // a file with two names has one fate
  return {
    names,
    data(pending, node) {
      const fate = known.get(node) ?? randomFate(pending, share, random);
      known.set(node, fate);
      return fate;
    },
  };
}

function randomFate(pending: readonly Change[], share: number, random: () => number): DataFate {
  const fates = pending.map((change): Fate => {
    if (random() >= share) return 'lost';
    return change.kind === 'write' && random() < 0.3 ? torn(change.data.length, random) : 'kept';
  });
  const tail = random();
  if (tail < 0.5) return { fates, tail: null };
  return { fates, tail: tail < 0.75 ? 'zeros' : 'noise' };
}

const SECTOR = 512;

/** A part of a write: cut at a sector, as disks do, or anywhere. */
function torn(length: number, random: () => number): Fate {
  const unit = random() < 0.5 ? SECTOR : 1;
  const place = (): number => Math.min(length, Math.floor((random() * (length + 1)) / unit) * unit);
  const [a, b] = [random() < 0.5 ? 0 : place(), place()];
  return { from: Math.min(a, b), to: Math.max(a, b) };
}
