import type { MetricReport, ModuleReport } from '../data.ts';
import type { Standing } from '../highlights.ts';
import { shown } from '../text.ts';
import { moment } from '../time.ts';
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
} from '../words.ts';
import { chart } from './chart.ts';
import { eventTable } from './events.ts';
import { html, type Markup } from './markup.ts';
import type { ChartStyle } from './picture.ts';
import { badge } from './signs.ts';

/** Where a module's section is found within the document; its name would have to be trusted. */
export function moduleId(index: number): string {
  return `m${index + 1}`;
}

export function moduleSection(
  module: ModuleReport,
  index: number,
  standing: Standing,
  style: ChartStyle,
): Markup {
  const id = moduleId(index);
  return html`<section class="module" id="${id}" aria-labelledby="${id}-h">
<header><h3 id="${id}-h">${module.name}</h3>${badge(standing)}<p class="facts">${facts(module, style.timezone)}</p></header>
${notes(module.metrics, style.timezone)}
${charts(module, id, style)}
${eventTable(module, style.timezone)}
</section>
`;
}

function facts(module: ModuleReport, timezone: string): string {
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

/** What is to say of the metrics: what has changed, what follows from it, what goes on. */
export function notes(metrics: readonly MetricReport[], timezone: string): Markup {
  const sentences = metrics.flatMap(report => {
    const { metric, changes, regression, trend, forecast } = report;
    return [
      ...(regression === null ? [] : [note(regression.verdict, regressionSentence(metric, regression))]),
      ...changes.map(change => note('changed', changeSentence(metric, change, timezone))),
      ...(trend === null || trend.direction === 'steady'
        ? []
        : [note('trend', trendSentence(metric, trend))]),
      ...[limitSentence(report, timezone)].flatMap(text => (text === null ? [] : [note('limit', text)])),
      ...(forecast === null ? [] : [forecastSentence(metric, forecast, timezone)]).flatMap(text =>
        text === null ? [] : [note('forecast', text)],
      ),
    ];
  });
  return sentences.length === 0 ? html`` : html`<dl class="notes">${sentences}</dl>`;
}

const NOTES = {
  ...{ worse: 'Regression', better: 'Improvement', same: 'Compared', unclear: 'Compared' },
  ...{ changed: 'Change', trend: 'Trend', limit: 'Limit', forecast: 'Forecast' },
} as const;

function note(kind: keyof typeof NOTES, text: string): Markup {
  return html`<div class="${kind}"><dt>${NOTES[kind]}</dt><dd>${text}</dd></div>`;
}

function charts({ name, metrics, failures, revisions }: ModuleReport, id: string, style: ChartStyle): Markup {
  if (metrics.length === 0) return html`<p class="none">No metrics in this time.</p>`;
  const drawn = metrics.map((report, index) => {
    const isLarge = index === 0;
    const below = isLarge ? { failures, revisions } : { failures: [], revisions: [] };
    return chart({ id: `${id}-c${index}`, owner: name, report, isLarge, ...below }, style);
  });
  return html`<div class="charts">${drawn}</div>`;
}
