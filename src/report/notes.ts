import type { MetricReport, ModuleReport } from './data.ts';
import { shown } from './text.ts';
import { moment } from './time.ts';
import {
  changeSentence,
  counted,
  cpuText,
  forecastSentence,
  limitSentence,
  regressionSentence,
  runsOf,
  successText,
  trendSentence,
} from './words.ts';

/** `every 5m · 1,728 runs · 99.0 % succeeded · ...` */
export function factsOf(module: ModuleReport, timezone: string): string {
  const { schedule, counts, lastRun } = module;
  const { runs, failures } = runsOf(module);
  const success = successText(module);
  const cpu = cpuText(module.cpuHours);
  return [
    schedule === null ? 'by hand' : shown(schedule, 80),
    counted(runs, 'run'),
    success === null ? '' : `${success} succeeded`,
    failures === 0 ? '' : `${failures} failed${outcomes(counts)}`,
    counts.skipped === 0 ? '' : `${counts.skipped} skipped`,
    cpu === null ? '' : `${cpu} of CPU time`,
    lastRun === null ? '' : `last run ${lastRun.outcome}, ${moment(lastRun.timeMs, timezone)}`,
  ]
    .filter(fact => fact !== '')
    .join(' · ');
}

/** ` (12 error, 3 timeout)`, where there is more than one kind. */
function outcomes({ error, timeout, killed }: ModuleReport['counts']): string {
  const kinds = Object.entries({ error, timeout, killed }).filter(([, number]) => number > 0);
  return kinds.length < 2 ? '' : ` (${kinds.map(([kind, number]) => `${number} ${kind}`).join(', ')})`;
}

/** Headings of notes. */
export const NOTE_WORDS = {
  ...{ worse: 'Regression', better: 'Improvement', same: 'Compared', unclear: 'Compared' },
  ...{ changed: 'Change', trend: 'Trend', limit: 'Limit', forecast: 'Forecast' },
} as const;

export interface Note {
  kind: keyof typeof NOTE_WORDS;
  text: string;
}

/** What is to say of the metrics: what has changed, what follows from it, what goes on. */
export function notesOf(metrics: readonly MetricReport[], timezone: string): Note[] {
  return metrics.flatMap(report => notesOfMetric(report, timezone));
}

function notesOfMetric(report: MetricReport, timezone: string): Note[] {
  const { metric, changes, regression, trend, forecast } = report;
  return [
    ...(regression === null || regression.verdict === 'same'
      ? []
      : [note(regression.verdict, regressionSentence(metric, regression))]),
    ...changes.map(change => note('changed', changeSentence(metric, change, timezone))),
    ...(trend === null || trend.direction === 'steady' ? [] : [note('trend', trendSentence(metric, trend))]),
    note('limit', limitSentence(report, timezone)),
    note('forecast', forecast === null ? null : forecastSentence(metric, forecast, timezone)),
  ].filter(each => each !== null);
}

function note(kind: Note['kind'], text: string | null): Note | null {
  return text === null ? null : { kind, text };
}
