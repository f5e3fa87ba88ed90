import type { MetricReport, ModuleReport } from '../data.ts';
import { metricTitle, quantity, unitOf } from '../quantity.ts';
import { shown } from '../text.ts';
import { moment } from '../time.ts';
import { anomalyText, changeSentence, counted, failureText } from '../words.ts';
import { html, type Markup } from './markup.ts';

/** Of each module so many events are listed, the newest first. */
const MOST = 40;

interface Row {
  timeMs: number;
  what: string;
  text: string;
}

/** Everything that happened to a module, as a table that opens: what the signs of its charts stand for. */
export function eventTable(module: ModuleReport, timezone: string): Markup {
  const rows = [
    ...module.failures.map(failure => ({
      timeMs: failure.timeMs,
      what: 'failed run',
      text: failureText(failure),
    })),
    ...module.revisions.map(({ timeMs, revision, subject }) => ({
      ...{ timeMs, what: 'new revision' },
      text: subject === null ? shown(revision, 40) : `${shown(revision, 40)}: ${shown(subject, 100)}`,
    })),
    ...module.metrics.flatMap(metric => metricRows(metric, timezone)),
  ].sort((a, b) => b.timeMs - a.timeMs);
  if (rows.length === 0) return html``;
  const rest = rows.length - MOST;
  return html`<details><summary>${counted(rows.length, 'event')} of ${module.name}</summary>
<table><caption>The newest first${rest > 0 ? `; ${counted(rest, 'older one')} left out` : ''}</caption>
<thead><tr><th scope="col">Time</th><th scope="col">Event</th><th scope="col">What</th></tr></thead>
<tbody>${rows.slice(0, MOST).map(row => rowOf(row, timezone))}</tbody></table></details>`;
}

function metricRows({ metric, anomalies, changes }: MetricReport, timezone: string): Row[] {
  const name = shown(metricTitle(metric), 80);
  return [
    ...anomalies.map(anomaly => ({
      timeMs: anomaly.timeMs,
      what: 'anomaly',
      text: `${name} ${quantity(anomaly.value, unitOf(metric))}: ${anomalyText(anomaly)}`,
    })),
    ...changes.map(change => ({
      timeMs: change.timeMs,
      what: 'change',
      text: changeSentence(metric, change, timezone),
    })),
  ];
}

function rowOf({ timeMs, what, text }: Row, timezone: string): Markup {
  return html`<tr><td class="when">${moment(timeMs, timezone)}</td><td class="when">${what}</td><td>${text}</td></tr>
`;
}
