import type { MetricReport, ModuleReport, ReportData } from '../data.ts';
import { eventsOf } from '../events.ts';
import { figuresOf } from '../figures.ts';
import { STANDING_WORDS, type Standing } from '../highlights.ts';
import { factsOf, NOTE_WORDS, notesOf } from '../notes.ts';
import { quantity, unitOf } from '../quantity.ts';
import { shownRange } from '../shown-range.ts';
import { moment } from '../time.ts';
import { counted } from '../words.ts';
import { markdownTable, plainText } from './markdown.ts';
import { sparkline } from './sparkline.ts';

const SPARK_WIDTH = 28;

/** Of each module so many events are listed. */
const MOST = 15;

export function moduleMarkdown(module: ModuleReport, standing: Standing, data: ReportData): string[] {
  return [
    `### ${plainText(module.name)}`,
    `${STANDING_WORDS[standing]} · ${plainText(factsOf(module, data.timezone))}`,
    ...noteItems(module.metrics, data.timezone),
    ...metricTable(module.metrics, data),
    ...eventTable(module, data.timezone),
  ];
}

export function noteItems(metrics: readonly MetricReport[], timezone: string): string[] {
  const items = notesOf(metrics, timezone).map(
    ({ kind, text }) => `- **${NOTE_WORDS[kind]}** ${plainText(text)}`,
  );
  return items.length === 0 ? [] : [items.join('\n')];
}

export function metricTable(metrics: readonly MetricReport[], data: ReportData): string[] {
  if (metrics.length === 0) return ['No metrics in this time.'];
  const range = shownRange(data);
  const rows = metrics.map(report => [
    plainText(report.metric),
    ...figureCells(report),
    bandText(report),
    sparkline(report.series, range, SPARK_WIDTH) || 'no values',
  ]);
  return [
    markdownTable(
      ['Metric', 'Typical', '95 % below', 'Lowest', 'Highest', 'Baseline', 'Course'],
      rows,
      [1, 2, 3, 4, 5],
    ),
  ];
}

function figureCells(report: MetricReport): string[] {
  const figures = figuresOf(report);
  if (figures === null) return ['–', '–', '–', '–'];
  const { median, mean, p95, min, max } = figures;
  return [median ?? mean, p95, min, max].map(value =>
    value === null ? '–' : quantity(value, unitOf(report.metric)),
  );
}

/** The newest one: `0.40 s to 0.52 s`. */
function bandText({ metric, baseline }: MetricReport): string {
  const [low, high] = [baseline?.low.at(-1), baseline?.high.at(-1)];
  return low === undefined || high === undefined
    ? '–'
    : `${quantity(low, unitOf(metric))} to ${quantity(high, unitOf(metric))}`;
}

function eventTable(module: ModuleReport, timezone: string): string[] {
  const events = eventsOf(module, timezone);
  if (events.length === 0) return [];
  const rows = events
    .slice(0, MOST)
    .map(({ timeMs, what, text }) => [moment(timeMs, timezone), what, plainText(text)]);
  const rest = events.length - MOST;
  return [
    markdownTable(['Time', 'Event', 'What'], rows),
    ...(rest > 0 ? [`${counted(rest, 'older event')} left out.`] : []),
  ];
}
