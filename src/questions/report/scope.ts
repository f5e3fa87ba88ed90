import type { LogEvent } from '../../glossary/event.ts';
import type { HistoryReader } from '../../history-reader.ts';
import type { RegressionCheck } from '../check-regression.ts';
import type { ForecastAnswer } from '../forecast.ts';

/** What all parts of a report share. */
export interface ReportScope {
  reader: HistoryReader;
  fromMs: number;
  toMs: number;
  /** Events of the time, by `MODULE.METRIC`. */
  events: ReadonlyMap<string, LogEvent[]>;
  /** By `MODULE.METRIC`. */
  checks: ReadonlyMap<string, RegressionCheck>;
  /** Of what can run out, by `MODULE.METRIC`. */
  forecasts: ReadonlyMap<string, ForecastAnswer>;
  /** In words: `every 5m`; null: by hand alone. */
  scheduleOf(module: string): string | null;
  /** A line that a metric must not reach. */
  limitOf(module: string, metric: string): { value: number; name: string } | null;
}
