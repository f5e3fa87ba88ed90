import { alwaysFails } from './always-fails.ts';
import { capacity } from './capacity.ts';
import type { Facts } from './facts.ts';
import type { Advice, Finding } from './finding.ts';
import { gitCommits } from './git-commits.ts';
import { historySize } from './history-size.ts';
import { logsSize } from './logs-size.ts';
import { memoryGrowth } from './memory-growth.ts';
import { noise } from './noise.ts';
import { retriesMissing } from './retries-missing.ts';
import { retriesUseless } from './retries-useless.ts';
import { scheduleOverlap } from './schedule-overlap.ts';
import { startsTogether } from './starts-together.ts';
import { timeoutFar } from './timeout-far.ts';
import { timeoutMissing } from './timeout-missing.ts';
import { timeoutNear } from './timeout-near.ts';
import { watchStorm } from './watch-storm.ts';

/** Every kind of advice: among findings of one severity those of the earlier one come first. */
const ADVICE = [
  alwaysFails,
  capacity,
  scheduleOverlap,
  timeoutNear,
  watchStorm,
  memoryGrowth,
  retriesUseless,
  retriesMissing,
  noise,
  timeoutMissing,
  timeoutFar,
  startsTogether,
  gitCommits,
  historySize,
  logsSize,
] as const satisfies readonly Advice[];

const ORDER = { critical: 0, warning: 1, info: 2 };

/**
 * What could be better in a workspace, the most important first; the same facts give the same list. No two findings change the
 * same setting: of such the more important one keeps its change, and the other is left out.
 *
 * Cost: linear in the runs of the facts, and a few replays of the rule for each metric that is noisy.
 */
export function recommendationsFor(facts: Facts): Finding[] {
  const all = ADVICE.flatMap(advice => advice(facts)).map(
    (found): Finding => ({ ...found, limitedMetric: found.limitedMetric ?? null }),
  );
  const sorted = all.sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
  const changed = new Set<string>();
  return sorted.filter(({ change }) => {
    if (change === null) return true;
    const key = JSON.stringify(change.path);
    if (changed.has(key)) return false;
    changed.add(key);
    return true;
  });
}
