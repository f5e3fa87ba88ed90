import { basename } from 'node:path';
import { BUCKET_MS } from './buckets.ts';
import { pathText } from './config/problems.ts';
import { floorFor } from './config/rules.ts';
import { subjectsOf } from './git/subjects.ts';
import { SYSTEM_SOURCE } from './metric-name.ts';
import { forecast } from './questions/forecast.ts';
import { report } from './questions/report.ts';
import type { CapacityForecast } from './recommend/facts.ts';
import type { Finding } from './recommend/finding.ts';
import { recommendationsFor } from './recommend/findings.ts';
import { factsOf } from './recommending.ts';
import type { ReportData } from './report/data.ts';
import { revisionsIn, withSubjects } from './report/subjects.ts';
import { scheduleText } from './schedule-text.ts';
import type { Store } from './store/store.ts';
import type { Settings } from './types.ts';

const DAY_MS = 86_400_000;

/** So far ahead a limit is looked for. */
const AHEAD_MS = 30 * DAY_MS;

/**
 * A report of a workspace since a moment (default: seven days ago), with what there is to recommend, and what the commits say that its
 * runs were of.
 *
 * @throws WatchkeeperError 'store' where the history cannot be read
 */
export async function reportOf(
  store: Store,
  settings: Settings,
  sinceMs: number | null,
  nowMs: number,
): Promise<ReportData> {
  const { detection, git, modules, root, timezone } = settings;
  const timeouts = new Map(modules.map(({ name, timeoutMs }) => [name, timeoutMs]));
  const surroundings = {
    workspace: basename(root),
    timezone,
    findings: recommendationsOf(store, settings, nowMs),
    settingText: pathText,
    floorOf: (module: string, metric: string) => floorFor(detection, module, metric),
    scheduleOf: (module: string) => scheduleWords(settings, module),
    limitOf: (module: string, metric: string) => {
      const timeoutMs = metric === 'runtimeSeconds' ? (timeouts.get(module) ?? null) : null;
      return timeoutMs === null ? null : { value: timeoutMs / 1000, name: 'timeout' };
    },
  };
  const data = report(store, sinceMs === null ? {} : { sinceMs }, surroundings, nowMs);
  return git.enabled ? withSubjects(data, await subjectsOf(root, revisionsIn(data))) : data;
}

/** What could be set better, from what the runs show and what is ahead. */
export function recommendationsOf(store: Store, settings: Settings, nowMs: number): Finding[] {
  return recommendationsFor(factsOf(settings, store, nowMs, capacityForecasts(store, nowMs)));
}

function scheduleWords({ modules }: Settings, module: string): string | null {
  const found = modules.find(({ name }) => name === module);
  if (found === undefined) return null;
  const { schedule, after } = found;
  const words = [
    schedule === null ? '' : scheduleText(schedule),
    after.length === 0 ? '' : `after ${after.join(', ')}`,
  ].filter(Boolean);
  return words.length === 0 ? null : words.join(', ');
}

/** Limits that are reached within 30 days, if all goes on as it does: a full disk. */
function capacityForecasts(store: Store, nowMs: number): CapacityForecast[] {
  const metric = `${SYSTEM_SOURCE}.diskFreeMb`;
  if (!isSampled(store, 'diskFreeMb', nowMs)) return [];
  const { reaches, beatsNaive, from } = forecast(store, { metric, aheadMs: AHEAD_MS, reaches: 0 }, nowMs);
  const expected = reaches?.expected ?? null;
  if (expected === null || beatsNaive !== true) return [];
  const facts = { metric, module: null, limit: 0, limitName: 'an empty disk', values: from.points };
  return [{ ...facts, reachedAtMs: Date.parse(expected), sure: reaches?.latest === null ? 0.5 : 0.95 }];
}

/** Whether the machine's metric has a value by now: a clock that was ahead may have left some after it. */
function isSampled(store: Store, metric: string, nowMs: number): boolean {
  const samples = store.samples(SYSTEM_SOURCE, metric, {}, { untilMs: nowMs, newest: 1 });
  if (samples.length > 0) return true;
  const ended = { untilMs: nowMs - BUCKET_MS.hour, newest: 1 };
  return store.rollups(SYSTEM_SOURCE, metric, {}, 'hour', ended).length > 0;
}
