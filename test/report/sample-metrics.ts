import type { Anomaly, Change, MetricReport } from '../../src/report/data.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';

/** The metrics of the made-up pipeline: seasons by the day, a shift that came with a commit, a leak, spikes. */

export const END_MS = Date.UTC(2026, 10, 20, 12);
export const DAY_MS = 86_400_000;

export function emptyMetric(metric: string): MetricReport {
  return {
    metric,
    series: { kind: 'values', timesMs: [], values: [] },
    ...{ figures: null, baseline: null, limit: null, anomalies: [], changes: [] },
    ...{ trend: null, regression: null, forecast: null },
  };
}

export function runtime(
  times: number[],
  base: number,
  index: number,
  shiftMs: number,
  random: () => number,
): MetricReport {
  const shifts = index === 0 || index === 2;
  const values = times.map(timeMs => {
    const season = 1 + 0.08 * Math.sin((2 * Math.PI * timeMs) / DAY_MS);
    return base * season * (shifts && timeMs >= shiftMs ? 1.19 : 1) * Math.exp(0.05 * gaussian(random));
  });
  const spikes = index % 2 === 0 ? [0.21, 0.47, 0.83].map(share => Math.floor(times.length * share)) : [];
  for (const place of spikes) if (values[place] !== undefined) values[place] = base * (1.7 + random());
  return {
    ...emptyMetric('runtimeSeconds'),
    series: { kind: 'values', timesMs: times, values },
    baseline: seasonalBand(times, base, shifts ? shiftMs : null),
    limit: index === 4 ? { value: 240, name: 'timeout' } : null,
    anomalies: spikes.flatMap((place, order) => spike(times[place], values[place], base, order)),
    changes: shifts ? [shift(base, shiftMs)] : [],
    trend: {
      ...{ slopePerDay: base * 0.02, low: base * 0.012, high: base * 0.028, level: 0.95 },
      ...{ direction: shifts ? 'rising' : 'steady', words: shifts ? 'grows by 2.0 % a day' : 'no trend' },
    },
    regression: regressionOf(index, base),
  };
}

function regressionOf(index: number, base: number): MetricReport['regression'] {
  if (index === 0 || index === 2)
    return {
      ...{
        verdict: 'worse',
        percent: 18.7,
        lowPercent: 17.1,
        highPercent: 20.4,
        level: 0.95,
        confidence: 0.999,
      },
      ...{ reference: base, recent: base * 1.187, words: 'the last 20 runs against the baseline of 14 Nov' },
    };
  if (index === 3)
    return {
      ...{
        verdict: 'unclear',
        percent: 4.2,
        lowPercent: -1.3,
        highPercent: 9.9,
        level: 0.95,
        confidence: 0.86,
      },
      ...{
        reference: base,
        recent: base * 1.042,
        words: 'the last 20 runs against the baseline; 60 runs would tell',
      },
    };
  return null;
}

function seasonalBand(times: number[], base: number, shiftMs: number | null): MetricReport['baseline'] {
  const hours = Math.ceil(((times.at(-1) ?? END_MS) - (times[0] ?? END_MS)) / 3_600_000);
  const timesMs = Array.from({ length: hours }, (_, hour) => (times[0] ?? END_MS) + hour * 3_600_000);
  const middle = timesMs.map(
    timeMs =>
      base *
      (1 + 0.08 * Math.sin((2 * Math.PI * timeMs) / DAY_MS)) *
      (shiftMs !== null && timeMs > shiftMs + 2 * 3_600_000 ? 1.19 : 1),
  );
  return { timesMs, low: middle.map(value => value * 0.87), high: middle.map(value => value * 1.13) };
}

function spike(
  timeMs: number | undefined,
  value: number | undefined,
  base: number,
  order: number,
): Anomaly[] {
  if (timeMs === undefined || value === undefined) return [];
  const deviationPercent = (value / base - 1) * 100;
  return [
    {
      ...{ timeMs, value, direction: 'above', deviationPercent, kind: 'spike' },
      severity: (['warning', 'critical', 'info'] as const)[order % 3] ?? 'info',
      confidence: [0.82, 0.97, 0.61][order % 3] ?? 0.5,
      message: `runtime ${value.toFixed(2)} s is ${deviationPercent.toFixed(1)}% above its 5-run average of ${base} s`,
    },
  ];
}

function shift(base: number, shiftMs: number): Change {
  return {
    ...{
      timeMs: shiftMs,
      before: base,
      after: base * 1.19,
      deviationPercent: 19,
      severity: 'critical',
      confidence: 0.98,
    },
    ...{ revisionBefore: '9fceb02', revisionAfter: '44314a6' },
    subject: 'feat: keep every candle of the day',
    message: 'a shift of +19.0% (first run of 44314a6, after 9fceb02), 98% sure',
  };
}

export function memory(
  times: number[],
  base: number,
  index: number,
  days: number,
  random: () => number,
): MetricReport {
  const leaks = index === 1;
  const values = times.map(
    (_, place) => base + (leaks ? (place / times.length) * 2.1 * days : 0) + gaussian(random),
  );
  const aheadMs = Array.from({ length: 24 }, (_, hour) => END_MS + (hour + 1) * 3_600_000);
  const last = base + 2.1 * days;
  return {
    ...emptyMetric('memoryMb'),
    series: { kind: 'values', timesMs: times, values },
    baseline: { timesMs: [times[0] ?? END_MS], low: [base - 3], high: [base + 3] },
    trend: leaks
      ? {
          slopePerDay: 2.1,
          low: 1.8,
          high: 2.4,
          level: 0.95,
          direction: 'rising',
          words: 'grows by 2.1 MB a day',
        }
      : { slopePerDay: 0.01, low: -0.1, high: 0.1, level: 0.95, direction: 'steady', words: 'no trend' },
    forecast: leaks
      ? {
          method: 'ensemble',
          timesMs: aheadMs,
          values: aheadMs.map((_, hour) => last + (2.1 * hour) / 24),
          low: aheadMs.map((_, hour) => last + (2.1 * hour) / 24 - 2 - hour / 12),
          high: aheadMs.map((_, hour) => last + (2.1 * hour) / 24 + 2 + hour / 12),
          ...{
            level: 0.95,
            words: 'The ensemble was 38 % nearer than "same as last time", tried from 50 places of the past.',
            reachesLimitMs: null,
          },
        }
      : null,
  };
}

export function cpu(times: number[], random: () => number): MetricReport {
  const values = times.map(() => 58 + 4 * gaussian(random));
  return { ...emptyMetric('cpuPercent'), series: { kind: 'values', timesMs: times, values } };
}

export function custom(times: number[], random: () => number): MetricReport {
  const values = times.map(timeMs =>
    Math.round(1200 + 300 * Math.sin((2 * Math.PI * timeMs) / DAY_MS) + 40 * random()),
  );
  return { ...emptyMetric('rowsCollected'), series: { kind: 'values', timesMs: times, values } };
}

/** By the hour, as a long time has it. */
export function systemCpu({ days }: { days: number }): MetricReport {
  const random = seededRandom(5);
  const timesMs = Array.from(
    { length: Math.max(1, days * 24) },
    (_, hour) => END_MS - (days * 24 - hour) * 3_600_000,
  );
  const mean = timesMs.map(
    timeMs => 24 + 12 * Math.sin((2 * Math.PI * timeMs) / DAY_MS) + 2 * gaussian(random),
  );
  return {
    ...emptyMetric('cpuPercent'),
    series: {
      ...{ kind: 'roll-up', bucketMs: 3_600_000, timesMs, mean },
      counts: timesMs.map(() => 360),
      min: mean.map(value => Math.max(0, value - 12)),
      max: mean.map(value => Math.min(100, value + 18 + 30 * random())),
      p95: mean.map(value => value + 11),
    },
  };
}

export function systemDisk({ days }: { days: number }): MetricReport {
  const timesMs = Array.from(
    { length: Math.max(1, days * 24) },
    (_, hour) => END_MS - (days * 24 - hour) * 3_600_000,
  );
  const values = timesMs.map((_, hour) => 18_400 + (timesMs.length - hour) * 37);
  const aheadMs = Array.from({ length: 24 }, (_, step) => END_MS + (step + 1) * 3_600_000);
  const ahead = aheadMs.map((_, step) => 18_400 - step * 37);
  return {
    ...emptyMetric('diskFreeMb'),
    series: { kind: 'values', timesMs, values },
    limit: { value: 0, name: 'full' },
    trend: {
      slopePerDay: -888,
      low: -901,
      high: -875,
      level: 0.95,
      direction: 'falling',
      words: 'shrinks by 888 MB a day',
    },
    forecast: {
      ...{ method: 'linear', timesMs: aheadMs, values: ahead },
      low: ahead.map((value, step) => value - 40 * Math.sqrt(step + 1)),
      high: ahead.map((value, step) => value + 40 * Math.sqrt(step + 1)),
      ...{
        level: 0.95,
        words: 'The model linear was 61 % nearer than "same as last time", tried from 50 places of the past.',
        reachesLimitMs: END_MS + 20.7 * DAY_MS,
      },
    },
  };
}
