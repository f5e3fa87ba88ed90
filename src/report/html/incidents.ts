import type { ReportData, ReportIncident } from '../data.ts';
import { metricTitle } from '../quantity.ts';
import { shown } from '../text.ts';
import { counted, incidentSize, incidentTime, sureText } from '../words.ts';
import { html, type Markup } from './markup.ts';

/** So many are shown at once, so that the charts are near, and so many at all. */
const SHOWN = 20;
const MOST = 100;
const HEADS = ['State', 'Metric', 'Value', 'Time', 'Sure'];

export function incidentsSection({ incidents, timezone }: ReportData): Markup {
  const [first, more] = [incidents.slice(0, SHOWN), incidents.slice(SHOWN, MOST)];
  const all = html`${table('Open ones first, then the newest', first, timezone)}${more.length === 0 ? null : folded(more, incidents.length - MOST, timezone)}`;
  return html`<section aria-labelledby="incidents"><h2 id="incidents">Incidents</h2>${
    incidents.length === 0 ? html`<p class="none">No incident in this time.</p>` : all
  }</section>`;
}

function folded(incidents: readonly ReportIncident[], leftOut: number, timezone: string): Markup {
  const rest = leftOut > 0 ? `; ${counted(leftOut, 'still older one')} left out` : '';
  const caption = `The next ${incidents.length}${rest}`;
  return html`<details><summary>${counted(incidents.length, 'older incident')}</summary>${table(caption, incidents, timezone)}</details>`;
}

function table(caption: string, incidents: readonly ReportIncident[], timezone: string): Markup {
  return html`<div class="scroll"><table class="incidents"><caption>${caption}</caption>
<thead><tr>${HEADS.map(head => html`<th scope="col" class="c-${head.toLowerCase()}">${head}</th>`)}</tr></thead>
<tbody>${incidents.map(incident => row(incident, timezone))}</tbody></table></div>`;
}

function row(incident: ReportIncident, timezone: string): Markup {
  const { status, module, metric, confidence } = incident;
  return html`<tr><td class="c-state status ${status}">${status}</td>
<th scope="row"><b>${module}</b> ${shown(metricTitle(metric), 80)}<span class="narrow status ${status}">${status}</span></th>
<td>${incidentSize(incident)}</td><td>${incidentTime(incident, timezone)}</td>
<td class="n c-sure">${confidence === null ? '–' : sureText(confidence).replace(' sure', '')}</td></tr>
`;
}
