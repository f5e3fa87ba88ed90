import type { Recommendation, ReportData } from '../data.ts';
import { shown } from '../text.ts';
import { settingText } from '../words.ts';
import { html, type Markup } from './markup.ts';

export function recommendationsSection({ recommendations }: ReportData): Markup {
  const list =
    recommendations.length === 0
      ? html`<p class="none">No setting that should be changed was found.</p>`
      : html`<ol class="recommendations">${recommendations.map(item)}</ol>`;
  return html`<section aria-labelledby="recommendations"><h2 id="recommendations">Recommendations</h2>${list}</section>`;
}

function item({ module, metric, severity, finding, evidence, setting }: Recommendation): Markup {
  const about = [module ?? 'workspace', metric].filter(part => part !== null).join(' · ');
  return html`<li><p class="about"><span class="severity ${severity}">${severity}</span> ${shown(about, 200)}</p><p class="finding">${shown(finding, 600)}</p>
${evidence.length === 0 ? null : html`<ul>${evidence.map(each => html`<li>${shown(each)}</li>`)}</ul>`}
${setting === null ? null : html`<pre>${settingText(setting)}</pre>`}</li>
`;
}
