import type { ReportData, ReportIncident } from '../data.ts';
import { metricTitle } from '../quantity.ts';
import { shown } from '../text.ts';
import { counted, incidentSize, incidentTime, sureText } from '../words.ts';
import { html, type Markup } from './markup.ts';

const MOST = 100;
const HEADS = ['State', 'Metric', 'Value', 'Time', 'Sure'];

export function incidentsSection({ incidents, timezone }: ReportData): Markup {
  const rest = incidents.length - MOST;
  const table = html`<div class="scroll"><table class="incidents"><caption>Open ones first, then the newest${rest > 0 ? `; ${counted(rest, 'older one')} left out` : ''}</caption>
<thead><tr>${HEADS.map(head => html`<th scope="col" class="c-${head.toLowerCase()}">${head}</th>`)}</tr></thead>
<tbody>${incidents.slice(0, MOST).map(incident => row(incident, timezone))}</tbody></table></div>`;
  return html`<section aria-labelledby="incidents"><h2 id="incidents">Incidents</h2>${
    incidents.length === 0 ? html`<p class="none">No incident in this time.</p>` : table
  }</section>`;
}

function row(incident: ReportIncident, timezone: string): Markup {
  const { status, module, metric, confidence } = incident;
  return html`<tr><td class="c-state status ${status}">${status}</td>
<th scope="row"><b>${module}</b> ${shown(metricTitle(metric), 80)}<span class="narrow status ${status}">${status}</span></th>
<td>${incidentSize(incident)}</td><td>${incidentTime(incident, timezone)}</td>
<td class="n c-sure">${confidence === null ? '–' : sureText(confidence).replace(' sure', '')}</td></tr>
`;
}
