import { short } from './durations.ts';
import type { Advice } from './finding.ts';
import { perModule } from './module.ts';
import { evidenceOf } from './runs.ts';
import { growthOf } from './trend.ts';

/** Less is nothing to care about, however sure it is. */
const MIN_GROWTH_MB = 10;
const MIN_GROWTH_SHARE = 0.2;
const WARNING_SHARE = 0.5;
const HOUR_MS = 3_600_000;
const MIN_SPAN_MS = HOUR_MS;
/** Of a service so many hours: over a whole day no rhythm of the day grows in each of its quarters. */
const MIN_HOURS = 24;

/** Each run of a module takes more memory than those before it: what it reads or keeps grows without an end. */
const ofModules = perModule(({ name, runs }) => {
  const measured = runs.filter(({ outcome, memoryMb }) => outcome === 'ok' && memoryMb !== null);
  const growth = steadyGrowth(
    measured.map(({ memoryMb }) => memoryMb ?? 0),
    measured.map(({ startedAt }) => Date.parse(startedAt)),
  );
  if (growth === null) return [];
  const { from, to, slopePerValue } = growth;
  return [
    {
      id: `${name}.memory-growth`,
      module: name,
      severity: to - from >= WARNING_SHARE * from ? 'warning' : 'info',
      title: `the memory of ${name} grows run by run: from ${short(from)} MB to ${short(to)} MB in ${measured.length} runs (${short(100 * slopePerValue)} MB in 100 runs)`,
      advice:
        'look for what it keeps and never lets go: a file, a cache or a table that it reads as a whole and that grows',
      evidence: evidenceOf(measured, {
        fromMb: from,
        toMb: to,
        mbPer100Runs: 100 * slopePerValue,
        p: growth.p,
      }),
      change: null,
    },
  ];
});

/** The memory of a service grows as long as it lives: a leak in the strict sense, or a cache without a limit. */
const ofServices: Advice = ({ services }) =>
  services.flatMap(({ name, timesMs, memoryMb }) => {
    const growth = steadyGrowth(memoryMb, timesMs, MIN_HOURS);
    if (growth === null) return [];
    const [first = 0, last = 0] = [timesMs[0], timesMs.at(-1)];
    const hours = (last - first) / HOUR_MS;
    const { from, to } = growth;
    const aDay = (24 * (to - from)) / hours;
    return [
      {
        id: `${name}.memory-growth`,
        module: name,
        severity: to - from >= WARNING_SHARE * from ? ('warning' as const) : ('info' as const),
        title: `the memory of the service ${name} grows as long as it runs: from ${short(from)} MB to ${short(to)} MB in ${short(hours)} h (${short(aDay)} MB a day)`,
        advice:
          'look for what it keeps and never lets go, such as a cache without a limit; until then, restart it now and then',
        evidence: {
          count: memoryMb.length,
          of: 'hours',
          from: new Date(first).toISOString(),
          to: new Date(last).toISOString(),
          figures: { fromMb: from, toMb: to, mbADay: aDay, p: growth.p },
        },
        change: null,
      },
    ];
  });

function steadyGrowth(
  memoryMb: readonly number[],
  timesMs: readonly number[],
  least?: number,
): ReturnType<typeof growthOf> {
  const growth = growthOf(memoryMb, least);
  if (growth === null || (timesMs.at(-1) ?? 0) - (timesMs[0] ?? 0) < MIN_SPAN_MS) return null;
  const added = growth.to - growth.from;
  return added >= MIN_GROWTH_MB && added >= MIN_GROWTH_SHARE * growth.from ? growth : null;
}

export const memoryGrowth: Advice = facts => [...ofModules(facts), ...ofServices(facts)];
