import type { ModuleReport } from '../data.ts';
import { eventsOf, type ModuleEvent } from '../events.ts';
import { moment } from '../time.ts';
import { counted } from '../words.ts';
import { html, type Markup } from './markup.ts';

/** Of each module so many events are listed. */
const MOST = 40;

/** Everything that happened to a module, as a table that opens: what the signs of its charts stand for. */
export function eventTable(module: ModuleReport, timezone: string): Markup {
  const events = eventsOf(module, timezone);
  if (events.length === 0) return html``;
  const rest = events.length - MOST;
  return html`<details><summary>${counted(events.length, 'event')} of ${module.name}</summary>
<table><caption>The newest first${rest > 0 ? `; ${counted(rest, 'older one')} left out` : ''}</caption>
<thead><tr><th scope="col">Time</th><th scope="col">Event</th><th scope="col">What</th></tr></thead>
<tbody>${events.slice(0, MOST).map(event => row(event, timezone))}</tbody></table></details>`;
}

function row({ timeMs, what, text }: ModuleEvent, timezone: string): Markup {
  return html`<tr><td class="when">${moment(timeMs, timezone)}</td><td class="when">${what}</td><td>${text}</td></tr>
`;
}
