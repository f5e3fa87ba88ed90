import type { Interval } from './stats/hodges-lehmann.ts';
import { wilson } from './stats/wilson.ts';

/** What is known of one module over a stretch of time. */
export interface ModuleTotals {
  module: string;
  runs: number;
  failures: number;
  /** Of all its runs, failed ones too. */
  runtimeSeconds: number;
  cpuSeconds: number;
  /** Of its failed runs alone: time that brought nothing. */
  failedSeconds: number;
  /** Runs of which a metric left its baseline. */
  deviations: number;
  incidents: number;
}

/** A module's part in a sum over all modules. */
interface Share {
  module: string;
  amount: number;
  /** Of the sum, from 0 to 1. */
  share: number;
}

/** A module's part, and how often it happens in its own runs. */
interface Rated extends Share {
  /** Of its runs; null without runs. */
  rate: number | null;
  /** Where the true rate lies, at 95 percent. */
  interval: Interval;
}

/** What costs most, fails most, deviates most: largest first, modules without a part left out. */
export interface Bottlenecks {
  runtimeSeconds: Share[];
  cpuSeconds: Share[];
  failedSeconds: Share[];
  failures: Rated[];
  deviations: Rated[];
  incidents: Share[];
}

const ALPHA = 0.05;

/**
 * Ranks modules by what they take and what goes wrong in them.
 *
 * - Convention: each list by its amount, and equal amounts by name; shares of one list sum to 1.
 * - Cost: O(m log m) for m modules.
 */
export function bottlenecksOf(modules: readonly ModuleTotals[]): Bottlenecks {
  return {
    runtimeSeconds: shares(modules, 'runtimeSeconds'),
    cpuSeconds: shares(modules, 'cpuSeconds'),
    failedSeconds: shares(modules, 'failedSeconds'),
    failures: rated(modules, 'failures'),
    deviations: rated(modules, 'deviations'),
    incidents: shares(modules, 'incidents'),
  };
}

type Amount = Exclude<keyof ModuleTotals, 'module' | 'runs'>;

function shares(modules: readonly ModuleTotals[], of: Amount): Share[] {
  const total = modules.reduce((sum, each) => sum + each[of], 0);
  return modules
    .filter(each => each[of] > 0)
    .map(each => ({ module: each.module, amount: each[of], share: each[of] / total }))
    .toSorted((a, b) => b.amount - a.amount || (a.module < b.module ? -1 : 1));
}

function rated(modules: readonly ModuleTotals[], of: 'failures' | 'deviations'): Rated[] {
  const runsOf = new Map(modules.map(({ module, runs }) => [module, runs]));
  return shares(modules, of).map(each => {
    const runs = runsOf.get(each.module) ?? 0;
    const counted = Math.min(each.amount, runs);
    return { ...each, rate: runs > 0 ? counted / runs : null, interval: wilson(counted, runs, ALPHA) };
  });
}
