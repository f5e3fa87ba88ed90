import { SYSTEM_SOURCE } from '../metric-name.ts';
import { percentText, short, usualDuration } from './durations.ts';
import type { CapacityForecast, Facts } from './facts.ts';
import type { Advice, Change } from './finding.ts';
import { timeoutChange } from './timeout.ts';

const MIN_SURE = 0.8;
const MIN_VALUES = 30;
const DAY_MS = 86_400_000;
/** What lies further ahead is nobody's concern today. */
const AHEAD_DAYS = 30;
const CRITICAL_DAYS = 3;

/** A limit that a forecast reaches: an empty disk, a timeout. */
export const capacity: Advice = facts =>
  facts.forecasts
    .filter(forecast => isReached(forecast, facts.nowMs))
    .map(forecast => {
      const { metric, module, limit, limitName, reachedAtMs, sure, values } = forecast;
      const days = Math.max(0, (reachedAtMs - facts.nowMs) / DAY_MS);
      const limitedMetric = metric.slice((module ?? SYSTEM_SOURCE).length + 1);
      const change = higherTimeout(facts, forecast);
      const when = new Date(reachedAtMs).toISOString();
      return {
        id: module === null ? `capacity.${metric}` : `${module}.capacity.${limitedMetric}`,
        module,
        limitedMetric,
        severity: days <= CRITICAL_DAYS ? 'critical' : 'warning',
        title: `${metric} reaches ${limitName} (${short(limit)}) in ${days < 1 ? 'less than a day' : `about ${short(Math.round(days))} day(s)`}, ${percentText(sure)} sure`,
        advice:
          change === null
            ? adviceFor(metric)
            : `set the timeout to ${change.to}, and see why it takes ever longer`,
        evidence: {
          count: values,
          of: 'values',
          from: null,
          to: when,
          figures: { limit, sure, days },
        },
        change,
      };
    });

function isReached({ sure, values, reachedAtMs }: CapacityForecast, nowMs: number): boolean {
  return sure >= MIN_SURE && values >= MIN_VALUES && reachedAtMs <= nowMs + AHEAD_DAYS * DAY_MS;
}

function higherTimeout({ settings }: Facts, { metric, module }: CapacityForecast): Change | null {
  const timeoutMs = settings.modules.find(({ name }) => name === module)?.timeoutMs ?? null;
  if (module === null || timeoutMs === null || metric !== `${module}.runtimeSeconds`) return null;
  const to = usualDuration(2 * timeoutMs);
  return to && timeoutChange(module, timeoutMs, to.text);
}

function adviceFor(metric: string): string {
  if (metric.startsWith(`${SYSTEM_SOURCE}.disk`))
    return 'make room: see which folder grows, and let old files be removed';
  return metric.startsWith(`${SYSTEM_SOURCE}.memory`)
    ? 'see which program grows, here or beside Watchkeeper, before the system ends one'
    : 'see what makes it grow, or raise the limit';
}
