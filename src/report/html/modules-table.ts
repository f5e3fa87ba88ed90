import type { MetricReport, ModuleReport, ReportData } from '../data.ts';
import { figuresOf } from '../figures.ts';
import type { Standing } from '../highlights.ts';
import { count, metricTitle, quantity, signedPercent, unitOf } from '../quantity.ts';
import type { TimeRange } from '../shown-range.ts';
import { shown } from '../text.ts';
import { thinned } from '../thin.ts';
import { cpuText, runsOf, successText } from '../words.ts';
import { SIDE, scaleOf } from './geometry.ts';
import { html, type Markup } from './markup.ts';
import { moduleId } from './module.ts';
import { pathThrough, pieces } from './path.ts';
import { shape } from './shape.ts';
import { badge } from './signs.ts';

const SPARK_COLUMNS = 40;
const HEADS = [
  ['Module', 'c-module'],
  ['State', 'c-state'],
  ['Runs', 'n c-runs'],
  ['Success', 'n c-success'],
  ['CPU time', 'n c-cpu-time'],
  ['Typical', 'n c-typical'],
  ['Course', 'c-course'],
  ['Compared', 'n c-compared'],
] as const;
const ORDER: Record<Standing, number> = { critical: 0, warning: 1, fine: 2, idle: 3 };

/** All modules at a glance: one line each, with the way to its section. */
export function modulesTable({ modules }: ReportData, standings: Standing[], range: TimeRange): Markup {
  if (modules.length === 0) return html`<p class="none">No module has run in this time.</p>`;
  return html`<div class="scroll"><table class="modules" data-sortable><caption>All modules at a glance</caption>
<thead><tr>${HEADS.map(([head, name]) => html`<th scope="col" class="${name}">${head}</th>`)}</tr></thead>
<tbody>${modules.map((module, index) => row(module, index, standings[index] ?? 'idle', range))}</tbody></table></div>
<p class="explained">Typical: the median of a module’s first metric, usually its runtime. Compared: its recent runs with earlier ones.</p>`;
}

function row(module: ModuleReport, index: number, standing: Standing, range: TimeRange): Markup {
  const { runs, failures } = runsOf(module);
  const main = module.metrics[0];
  const figures = main === undefined ? null : figuresOf(main);
  const typical = figures === null ? null : (figures.median ?? figures.mean);
  const percent = main?.regression?.percent ?? null;
  return html`<tr><th scope="row" class="c-module"><a href="#${moduleId(index)}">${module.name}</a></th>
<td class="c-state" data-sort="${ORDER[standing]}">${badge(standing)}</td>
<td class="n c-runs" data-sort="${runs}">${count(runs)}</td>
<td class="n c-success" data-sort="${runs === 0 ? -1 : 1 - failures / runs}">${successText(module) ?? '–'}</td>
<td class="n c-cpu-time" data-sort="${module.cpuHours ?? -1}">${cpuText(module.cpuHours) ?? '–'}</td>
<td class="n c-typical" data-sort="${typical ?? -1}">${main === undefined || typical === null ? '–' : quantity(typical, unitOf(main.metric))}</td>
<td class="c-course">${main === undefined ? null : sparkline(main, module.name, range)}</td>
<td class="n c-compared ${percent === null ? '' : (main?.regression?.verdict ?? '')}" data-sort="${percent ?? -1e9}">${percent === null ? '–' : signedPercent(percent)}</td></tr>
`;
}

/** The course of a metric without axes, on its own range. */
function sparkline({ metric, series }: MetricReport, name: string, range: TimeRange): Markup {
  const columns = thinned(series, range.fromMs, range.toMs, SPARK_COLUMNS);
  if (columns.length === 0) return html`–`;
  const middles = columns.map(({ middle }) => middle);
  const [low, high] = [Math.min(...middles), Math.max(...middles)];
  const room = (high - low || Math.abs(high) || 1) / 8;
  const scale = scaleOf({ low: low - room, high: high + room, ticks: [] }, range);
  const line = pieces(columns).map(part =>
    pathThrough(part.map(({ timeMs, middle }) => [scale.x(timeMs), scale.y(middle)])),
  );
  return html`<svg class="spark" width="96" height="22" viewBox="0 0 ${SIDE} ${SIDE}" preserveAspectRatio="none" role="img" aria-label="${shown(metricTitle(metric), 80)} of ${name}">${shape('line', line.join(''))}</svg>`;
}
