import type { MetricReport, ModuleReport } from '../data.ts';
import type { Standing } from '../highlights.ts';
import { factsOf, NOTE_WORDS, notesOf } from '../notes.ts';
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
<header><h3 id="${id}-h">${module.name}</h3>${badge(standing)}<p class="facts">${factsOf(module, style.timezone)}</p></header>
${noteList(module.metrics, style.timezone)}
${charts(module, id, style)}
${eventTable(module, style.timezone)}
</section>
`;
}

/** What is to say of metrics, as a list of headings and sentences. */
export function noteList(metrics: readonly MetricReport[], timezone: string): Markup {
  const items = notesOf(metrics, timezone).map(
    ({ kind, text }) => html`<div class="${kind}"><dt>${NOTE_WORDS[kind]}</dt><dd>${text}</dd></div>`,
  );
  return items.length === 0 ? html`` : html`<dl class="notes">${items}</dl>`;
}

function charts({ name, metrics, failures, revisions }: ModuleReport, id: string, style: ChartStyle): Markup {
  if (metrics.length === 0) return html`<p class="none">No metrics in this time.</p>`;
  const drawn = metrics.map((report, index) => {
    const isLarge = index === 0;
    const below = isLarge ? { failures, revisions } : { failures: [], revisions: [] };
    return chart({ id: `${id}-c${index}`, owner: name, report, isLarge, level: 4, ...below }, style);
  });
  return html`<div class="charts">${drawn}</div>`;
}
