import type { ReportData, ReportIncident } from '../data.ts';
import { metricTitle, quantity, signedPercent, unitOf } from '../quantity.ts';
import { shown } from '../text.ts';
import { moment } from '../time.ts';
import { counted, sureText } from '../words.ts';
import { html, type Markup } from './markup.ts';

const MOST = 100;

export function incidentsSection({ incidents, timezone }: ReportData): Markup {
  const rest = incidents.length - MOST;
  const heads = ['State', 'Module', 'Metric', 'Value', 'Baseline', 'Deviation', 'Opened', 'Ended', 'Sure'];
  const table = html`<div class="scroll"><table class="incidents"><caption>Open ones first, then the newest${rest > 0 ? `; ${counted(rest, 'older one')} left out` : ''}</caption>
<thead><tr>${heads.map(head => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${incidents.slice(0, MOST).map(incident => row(incident, timezone))}</tbody></table></div>`;
  return html`<section aria-labelledby="incidents"><h2 id="incidents">Incidents</h2>${
    incidents.length === 0 ? html`<p class="none">No incident in this time.</p>` : table
  }</section>`;
}

function row(incident: ReportIncident, timezone: string): Markup {
  const { status, module, metric, value, baseline, deviationPercent, openedAtMs, endedAtMs, confidence } =
    incident;
  const unit = unitOf(metric);
  return html`<tr><td class="status ${status}">${status}</td><th scope="row">${module}</th><td>${shown(metricTitle(metric), 80)}</td>
<td class="n">${quantity(value, unit)}</td><td class="n">${quantity(baseline, unit)}</td>
<td class="n">${deviationPercent === null ? incident.direction : signedPercent(deviationPercent)}</td>
<td class="when">${moment(openedAtMs, timezone)}</td><td class="when">${endedAtMs === null ? '–' : moment(endedAtMs, timezone)}</td>
<td class="n">${confidence === null ? '–' : sureText(confidence).replace(' sure', '')}</td></tr>
`;
}
