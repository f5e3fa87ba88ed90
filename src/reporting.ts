import { basename } from 'node:path';
import { pathText } from './config/problems.ts';
import { floorFor } from './config/rules.ts';
import { subjectsOf } from './git/subjects.ts';
import type { Settings } from './glossary/settings.ts';
import { type Capacity, capacitiesAhead, reachedOf } from './questions/capacities.ts';
import { report } from './questions/report.ts';
import type { Finding } from './recommend/finding.ts';
import { recommendationsFor } from './recommend/findings.ts';
import { factsOf } from './recommending.ts';
import type { ReportData } from './report/data.ts';
import { revisionsIn, withSubjects } from './report/subjects.ts';
import { scheduleText } from './schedule-text.ts';
import type { Store } from './store/store.ts';

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
  const { detection, git, root, timezone } = settings;
  const timeouts = timeoutsOf(settings);
  const { findings, capacities } = adviceOf(store, settings, nowMs);
  const surroundings = {
    workspace: basename(root),
    timezone,
    findings,
    forecasts: capacities.map(({ answer }) => answer),
    settingText: pathText,
    floorOf: (module: string, metric: string) => floorFor(detection, module, metric),
    scheduleOf: (module: string) => scheduleWords(settings, module),
    limitOf: (module: string, metric: string) => {
      const timeout = metric === 'runtimeSeconds' ? timeouts.get(module) : undefined;
      return timeout === undefined ? null : { value: timeout, name: 'timeout' };
    },
  };
  const data = report(store, sinceMs === null ? {} : { sinceMs }, surroundings, nowMs);
  return git.enabled ? withSubjects(data, await subjectsOf(root, revisionsIn(data))) : data;
}

/** What could be set better, from what the runs show and what is ahead. */
export function recommendationsOf(store: Store, settings: Settings, nowMs: number): Finding[] {
  return adviceOf(store, settings, nowMs).findings;
}

/** The same, with the forecasts that it rests on. */
function adviceOf(
  store: Store,
  settings: Settings,
  nowMs: number,
): { findings: Finding[]; capacities: Capacity[] } {
  const facts = factsOf(settings, store, nowMs);
  const timeouts = timeoutsOf(settings);
  const timed = facts.modules.flatMap(({ name, runs }) => {
    const timeoutSeconds = timeouts.get(name);
    return timeoutSeconds === undefined ? [] : [{ name, timeoutSeconds, runs }];
  });
  const capacities = capacitiesAhead(store, timed, nowMs);
  return { findings: recommendationsFor({ ...facts, forecasts: reachedOf(capacities) }), capacities };
}

/** In seconds, by module; without those that have none. */
function timeoutsOf({ modules }: Settings): Map<string, number> {
  return new Map(
    modules.flatMap(({ name, timeoutMs }) => (timeoutMs === null ? [] : [[name, timeoutMs / 1000]])),
  );
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
