import { hourlySeason, type Season, seasonIn, withoutSeason } from '../../baseline/season.ts';
import type { HistoryReader } from '../../history-reader.ts';
import type { Reference } from '../../regression/reference.ts';
import type { Asked, Samples } from './samples.ts';

const TWO_WEEKS_MS = 14 * 86_400_000;

/** Runs at noon are compared with noon: both samples without the rhythm of the day, where there is one. */
export function withoutRhythm(
  reader: HistoryReader,
  asked: Asked,
  samples: Samples,
  nowMs: number,
): { reference: Reference; recent: number[] } {
  const { reference, timesMs, recent } = samples;
  const values = recent.map(({ value }) => value);
  const as = { reference, recent: values };
  const season = isList(reference) ? rhythmOf(reader, asked, { reference, timesMs }, nowMs) : null;
  if (season === null || !isList(reference)) return as;
  const recentTimes = recent.map(({ timeMs }) => timeMs);
  const adjusted = {
    reference: withoutSeason(reference, timesMs, season),
    recent: withoutSeason(values, recentTimes, season),
  };
  // Below 0 the figures would lose their meaning: a rhythm as large as its level is left in.
  const isPositive = [...adjusted.reference, ...adjusted.recent].every(value => value > 0);
  return isPositive ? adjusted : as;
}

/**
 * That of the last two weeks' hours, for runs so frequent that the reference covers less than some days; else that of the reference
 * itself.
 */
function rhythmOf(
  reader: HistoryReader,
  { module, metric }: Asked,
  { reference, timesMs }: { reference: readonly number[]; timesMs: readonly number[] },
  nowMs: number,
): Season | null {
  const hours = reader.rollups(module, metric, {}, 'hour', { sinceMs: nowMs - TWO_WEEKS_MS, untilMs: nowMs });
  const medians = hours.map(({ p50 }) => p50);
  const starts = hours.map(({ startMs }) => startMs);
  const season = seasonIn(medians, starts, null) ?? hourlySeason(reference, timesMs);
  return season?.by === 'hour' ? season : null;
}

function isList(reference: Reference): reference is readonly number[] {
  return Array.isArray(reference);
}
