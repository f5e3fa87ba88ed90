import { Bisection } from '../../src/bisect/bisection.ts';
import type { BisectEnd, BisectionSettings } from '../../src/bisect/end.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

/** A history with one planted change, and a machine that measures it badly. */
export interface World {
  commits: number;
  /** The planted change: 0.2 is 20 % more; 0: there is none. */
  change: number;
  /** Deviation of the noise, log-normal. */
  cv: number;
  /** The share of runs that something else slows down, by 30 % and more or less. */
  wild?: number;
  /** How far the machine's speed wanders from one run to the next. */
  wander?: number;
  /** Every 30th run or so the machine becomes so much faster or slower. */
  jump?: number;
  /** The share of commits that cannot be run. */
  broken?: number;
  /** How far each commit lies from the others of its level by itself, as a deviation. */
  uneven?: number;
}

export interface Tried {
  end: BisectEnd;
  /** Place of the commit that the change came with. */
  culprit: number;
  runs: number;
  /** It was named: alone, or together with such as cannot be run. */
  found: boolean;
  /** The interval of the change holds the planted one. */
  held: boolean;
}

const SETTINGS: Omit<BisectionSettings, 'seed'> = { thresholdPercent: 3, maxRuns: 400, runsPerStep: 1 };

/** One bisection in one such world. */
export function bisectOnce(world: World, seed: number, settings: Partial<BisectionSettings> = {}): Tried {
  const random = seededRandom(seed);
  const culprit = 1 + Math.floor(random() * world.commits);
  const broken = new Set(
    Array.from({ length: world.commits - 1 }, (_, index) => index + 1).filter(
      () => random() < (world.broken ?? 0),
    ),
  );
  const bisection = new Bisection(world.commits, { ...SETTINGS, seed, ...settings });
  const run = machine(world, culprit, random);
  for (let runs = 0; ; runs++) {
    const step = bisection.next();
    if (step.kind === 'end')
      return { ...judged(step.end, world, culprit, broken), end: step.end, culprit, runs };
    bisection.saw(step.place, broken.has(step.place) ? null : run(step.place));
  }
}

function machine(world: World, culprit: number, random: () => number): (place: number) => number {
  const { cv, change, wild = 0, wander = 0, jump = 0, uneven = 0 } = world;
  const own = Array.from({ length: world.commits + 1 }, () => uneven * gaussian(random));
  let speed = 0;
  return place => {
    speed += wander * gaussian(random);
    if (random() < 1 / 30) speed += jump * (random() < 0.5 ? 1 : -1);
    const slowed = random() < wild ? Math.abs(0.3 * gaussian(random)) : 0;
    const noise = cv * gaussian(random);
    return 0.5 * Math.exp(speed + noise + slowed + (own[place] ?? 0)) * (place >= culprit ? 1 + change : 1);
  };
}

function judged(
  end: BisectEnd,
  { change }: World,
  culprit: number,
  broken: ReadonlySet<number>,
): Pick<Tried, 'found' | 'held'> {
  if (end.kind !== 'found') return { found: false, held: false };
  const named = Array.from({ length: end.last - end.first + 1 }, (_, index) => end.first + index);
  const isNarrow = named.slice(0, -1).every(place => broken.has(place));
  const { low, high } = end.change;
  return {
    found: isNarrow && named.includes(culprit),
    held: low !== null && high !== null && low <= 100 * change && 100 * change <= high,
  };
}
