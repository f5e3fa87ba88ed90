import type {
  Anomaly,
  Change,
  Failure,
  Forecast,
  MetricFigures,
  MetricReport,
  ModuleReport,
  Recommendation,
  Regression,
  ReportData,
  ReportIncident,
  RevisionMark,
  Trend,
} from './data.ts';
import {
  count,
  metricTitle,
  percentText,
  quantity,
  signedPercent,
  signedQuantity,
  type Unit,
  unitOf,
} from './quantity.ts';
import { shown } from './text.ts';
import { moment } from './time.ts';

/** Sentences and cells that the HTML and the Markdown form of a report have in common. Nothing here is escaped. */

/** `1 failure`, `17,012 runs` */
export function counted(value: number, what: string): string {
  return `${count(value)} ${what}${value === 1 ? '' : 's'}`;
}

/** `+18.7 % (95 % interval: +17.1 % to +20.4 %)` */
function regressionSize({ percent, lowPercent, highPercent, level }: Regression): string {
  if (percent === null) return 'a change from 0';
  if (lowPercent === null || highPercent === null) return signedPercent(percent);
  return `${signedPercent(percent)} (${levelText(level)} interval: ${signedPercent(lowPercent)} to ${signedPercent(highPercent)})`;
}

const VERDICTS = {
  worse: 'is worse',
  better: 'is better',
  same: 'is as before',
  unclear: 'may differ',
} as const;

/** `Runtime is worse: +18.7 % (…), from 0.43 s to 0.51 s, 99.9 % sure; the last 20 runs against the baseline` */
export function regressionSentence(metric: string, regression: Regression): string {
  const { verdict, reference, recent, confidence, words } = regression;
  const unit = unitOf(metric);
  const sure = confidence === null ? '' : `, ${sureText(confidence)}`;
  const levels = `from ${quantity(reference, unit)} to ${quantity(recent, unit)}`;
  return `${title(metric)} ${VERDICTS[verdict]}: ${regressionSize(regression)}, ${levels}${sure}; ${shown(words)}`;
}

/** `Runtime has changed by +19.0 %, from 0.43 s to 0.51 s, since 17 Nov, 13:12, first seen with 44314a6 (after 9fceb02), 98 % sure` */
export function changeSentence(metric: string, change: Change, timezone: string): string {
  const { before, after, deviationPercent, confidence } = change;
  const unit = unitOf(metric);
  const size = deviationPercent === null ? '' : ` by ${signedPercent(deviationPercent)}`;
  const levels = `from ${quantity(before, unit)} to ${quantity(after, unit)}`;
  return `${title(metric)} has changed${size}, ${levels}, ${sinceText(change, timezone)}, ${sureText(confidence)}`;
}

/** `since 17 Nov, 13:12, first seen with 44314a6 "Keep every candle" (after 9fceb02)`; without the second part where the change came with no commit. */
export function sinceText(
  { timeMs, revisionBefore, revisionAfter, subject }: Change,
  timezone: string,
): string {
  const since = `since ${moment(timeMs, timezone)}`;
  if (revisionAfter === null || revisionAfter === revisionBefore) return since;
  const quoted = subject === null ? '' : ` "${shown(subject, 100)}"`;
  const before = revisionBefore === null ? '' : ` (after ${shown(revisionBefore, 40)})`;
  return `${since}, first seen with ${shown(revisionAfter, 40)}${quoted}${before}`;
}

/** `44314a6`, `44314a6: Keep every candle` */
export function revisionText({ revision, subject }: RevisionMark): string {
  const name = shown(revision, 40);
  return subject === null ? name : `${name}: ${shown(subject, 100)}`;
}

/** `1.12 s instead of 0.43 s (+160 %)` */
export function incidentSize({
  metric,
  value,
  baseline,
  deviationPercent,
  direction,
}: ReportIncident): string {
  const unit = unitOf(metric);
  const size = deviationPercent === null ? direction : signedPercent(deviationPercent);
  return `${quantity(value, unit)} instead of ${quantity(baseline, unit)} (${size})`;
}

/** `19 Nov, 08:42 to 09:10`, `since 19 Nov, 08:42` */
export function incidentTime({ openedAtMs, endedAtMs }: ReportIncident, timezone: string): string {
  const opened = moment(openedAtMs, timezone);
  if (endedAtMs === null) return `since ${opened}`;
  const ended = moment(endedAtMs, timezone);
  const isSameDay = ended.split(',')[0] === opened.split(',')[0];
  return `${opened} to ${isSameDay ? ended.slice(ended.indexOf(',') + 2) : ended}`;
}

/** `97 % sure`; never 100. */
export function sureText(confidence: number): string {
  const percent = confidence * 100;
  return `${percent > 99 ? Math.min(99.9, Math.floor(percent * 10) / 10) : Math.round(percent)} % sure`;
}

function levelText(level: number): string {
  return `${Math.round(level * 1000) / 10} %`;
}

/** `Disk free reaches its limit (full) about 11 Dec, 05:48`; null where it does not. */
export function limitSentence({ metric, forecast, limit }: MetricReport, timezone: string): string | null {
  if (forecast?.reachesLimitMs === null || forecast?.reachesLimitMs === undefined) return null;
  const name = limit === null ? '' : ` (${shown(limit.name, 60)})`;
  return `${title(metric)} reaches its limit${name} about ${moment(forecast.reachesLimitMs, timezone)}`;
}

/** `Disk free 17.9 GB at 21 Nov, 12:00 (95 % interval: 17.8 GB to 18.1 GB). The ensemble was 38 % nearer than "same as last time"` */
export function forecastSentence(metric: string, forecast: Forecast, timezone: string): string | null {
  const { timesMs, values, low, high, level, words } = forecast;
  const [timeMs, value, least, most] = [timesMs.at(-1), values.at(-1), low.at(-1), high.at(-1)];
  if (timeMs === undefined || value === undefined) return null;
  const unit = unitOf(metric);
  const interval =
    least === undefined || most === undefined
      ? ''
      : ` (${levelText(level)} interval: ${quantity(least, unit)} to ${quantity(most, unit)})`;
  return `${title(metric)} ${quantity(value, unit)} at ${moment(timeMs, timezone)}${interval}. ${shown(words)}`;
}

/** `Memory grows by 2.1 MB a day (95 % interval: +1.8 MB to +2.4 MB a day)` */
export function trendSentence(metric: string, { low, high, level, words }: Trend): string {
  const unit = unitOf(metric);
  const interval = `${signedQuantity(low, unit)} to ${signedQuantity(high, unit)}`;
  return `${title(metric)} ${shown(words)} (${levelText(level)} interval: ${interval} a day)`;
}

/** `median 0.43 s, 95 % below 0.61 s` */
export function figuresText(figures: MetricFigures, unit: Unit): string {
  const middle =
    figures.median === null
      ? `mean ${quantity(figures.mean, unit)}`
      : `median ${quantity(figures.median, unit)}`;
  return figures.p95 === null
    ? `${middle}, at most ${quantity(figures.max, unit)}`
    : `${middle}, 95 % below ${quantity(figures.p95, unit)}`;
}

/** `spike above, +88.4 %, warning, 82 % sure` */
export function anomalyText({ kind, direction, deviationPercent, severity, confidence }: Anomaly): string {
  const size = deviationPercent === null ? null : signedPercent(deviationPercent);
  const sure = confidence === null ? null : sureText(confidence);
  return [`${kind ?? 'anomaly'} ${direction}`, size, severity, sure].filter(part => part !== null).join(', ');
}

export function failureText({ outcome, reason }: Failure): string {
  return reason === null ? outcome : `${outcome}: ${shown(reason)}`;
}

/** Runs that were not skipped, and how many of them failed. */
export function runsOf({ counts }: ModuleReport): { runs: number; failures: number } {
  const failures = counts.error + counts.timeout + counts.killed;
  return { runs: counts.ok + failures, failures };
}

/** `99.2 %` of the runs; null without runs. */
export function successText(module: ModuleReport): string | null {
  const { runs, failures } = runsOf(module);
  return runs === 0 ? null : percentText(((runs - failures) / runs) * 100);
}

/** `17,012 runs of 10 modules, 99.2 % of them succeeded.` */
export function headline({ summary, modules }: ReportData): string {
  if (summary.runs === 0) return 'No run in this time.';
  const success =
    summary.successRate === null ? '' : `, ${percentText(summary.successRate * 100)} of them succeeded`;
  return `${counted(summary.runs, 'run')} of ${counted(modules.length, 'module')}${success}.`;
}

/** `7.40 s`, `3.2 min`, `41.2 h` of CPU time. */
export function cpuText(hours: number | null): string | null {
  if (hours === null) return null;
  if (hours < 1 / 60) return quantity(hours * 3600, 'seconds');
  if (hours < 1) return `${(hours * 60).toFixed(hours < 1 / 6 ? 1 : 0)} min`;
  return `${hours < 10 ? hours.toFixed(2) : hours < 100 ? hours.toFixed(1) : count(hours)} h`;
}

/** `modules.collector.timeout: 10s   # was 2m` */
export function settingText({ path, from, to }: NonNullable<Recommendation['setting']>): string {
  const before = from === null ? '' : `   # was ${shown(from, 200)}`;
  return `${shown(path, 200)}: ${shown(to, 200)}${before}`;
}

function title(metric: string): string {
  return shown(metricTitle(metric), 80);
}
