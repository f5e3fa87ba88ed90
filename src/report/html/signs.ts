import { STANDING_WORDS, type Standing } from '../highlights.ts';
import { html, type Markup, trusted } from './markup.ts';

/** The signs of charts and badges, each of a shape of its own: colour alone tells nothing. Drawn around (0, 0). */
export const SIGNS: Markup = html`<svg width="0" height="0" class="signs" aria-hidden="true"><defs>
<path id="up" d="M0-5.5L5.5 4.5H-5.5z"/>
<path id="down" d="M0 5.5L5.5-4.5H-5.5z"/>
<path id="failure" d="M-3.5-3.5L3.5 3.5M-3.5 3.5L3.5-3.5"/>
<path id="revision" d="M0-4.5L4.5 0 0 4.5-4.5 0z"/>
<g id="s-fine"><circle r="7"/><path class="in" d="M-3.2 0.2L-0.9 2.6 3.4-2.4"/></g>
<g id="s-warning"><path d="M0-7.5L8 6.5H-8z"/><path class="in" d="M0-2.5V2M0 4.2v.1"/></g>
<g id="s-critical"><path d="M-3-7.2H3L7.2-3V3L3 7.2H-3L-7.2 3V-3z"/><path class="in" d="M0-3.8V1M0 3.6v.1"/></g>
<g id="s-idle"><circle class="ring" r="6"/></g>
</defs></svg>
`;

/** The sign of how something stands, and the word for it. */
export function badge(standing: Standing): Markup {
  return html`<span class="badge ${standing}">${standingSign(standing)}${STANDING_WORDS[standing]}</span>`;
}

export function standingSign(standing: Standing): Markup {
  return html`<svg class="sign ${standing}" width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true"><use href="#s-${standing}"/></svg>`;
}

/** What the signs of the charts mean. */
export const LEGEND: Markup = html`<section class="legend"><h3>How to read the charts</h3><ul>
<li>${key('<path class="line" d="M1 10L9 6 17 9 27 5"/>')} typical values</li>
<li>${key('<path class="range" d="M1 5L10 2 19 5 27 1V13L19 11 10 14 1 12z"/>')} from the lowest to the highest</li>
<li>${key('<path class="band" d="M1 3H27V13H1z"/>')} baseline: what is normal</li>
<li>${key('<path class="forecast" d="M1 11L27 4"/>')} forecast</li>
<li>${key('<g class="change"><line x1="14" x2="14" y1="1" y2="15"/></g>')} a change that lasts</li>
<li>${key('<g class="critical"><use href="#up" x="8" y="8"/></g><g class="info"><use href="#up" x="21" y="8"/></g>')} anomaly: filled critical or warning, hollow info</li>
<li>${key('<g class="failure"><use href="#failure" x="14" y="8"/></g>')} failed run</li>
<li>${key('<g class="revision"><use href="#revision" x="14" y="8"/></g>')} first run of a commit</li>
</ul></section>
`;

function key(drawing: string): Markup {
  return html`<svg class="key" width="28" height="16" viewBox="0 0 28 16" aria-hidden="true">${trusted(drawing)}</svg>`;
}
