import type { ReportData, SystemFigures } from '../data.ts';
import { type Highlight, highlights } from '../highlights.ts';
import { count, percentText, quantity, type Unit } from '../quantity.ts';
import { counted, cpuText } from '../words.ts';
import { html, type Markup } from './markup.ts';
import { moduleId } from './module.ts';
import { standingSign } from './signs.ts';

/** Of what stands out so many are named; the sections of the modules have all. */
const MOST = 10;

/** The figures that a reader looks for first, each with what it is made of. */
export function tiles({ summary, modules }: ReportData): Markup {
  const { runs, failures, successRate, iterations, openIncidents, cpuHours, system } = summary;
  const found = [
    tile('Runs', count(runs), `${counted(iterations, 'iteration')}, ${counted(modules.length, 'module')}`),
    tile(
      'Success',
      successRate === null ? null : percentText(successRate * 100),
      `${counted(failures, 'failed run')}`,
    ),
    tile('Open incidents', count(openIncidents), openIncidents === 0 ? 'none now' : 'not recovered yet'),
    tile('CPU time', cpuText(cpuHours), 'of all runs'),
    ...systemTiles(system),
  ];
  return html`<dl class="tiles">${found}</dl>`;
}

function systemTiles(figures: SystemFigures): Markup[] {
  const { cpuPercent, memoryUsedMb, memoryTotalMb, diskFreeMb, diskTotalMb } = figures;
  return [
    ...(cpuPercent === null ? [] : [averageTile('Machine CPU', cpuPercent, 'percent', null)]),
    ...(memoryUsedMb === null
      ? []
      : [averageTile('Machine memory', memoryUsedMb, 'megabytes', memoryTotalMb)]),
    ...(diskFreeMb === null
      ? []
      : [tile('Disk free', quantity(diskFreeMb, 'megabytes'), diskText(diskTotalMb))]),
  ];
}

function averageTile(
  name: string,
  { mean, max }: { mean: number; max: number },
  unit: Unit,
  total: number | null,
): Markup {
  return tile(name, quantity(mean, unit), `on average, at most ${quantity(max, unit)}${ofTotal(total)}`);
}

function ofTotal(totalMb: number | null): string {
  return totalMb === null ? '' : ` of ${quantity(totalMb, 'megabytes')}`;
}

/** `of 62.1 GB, at the end`: right after how much is free. */
function diskText(totalMb: number | null): string {
  return [ofTotal(totalMb).trim(), 'at the end'].filter(part => part !== '').join(', ');
}

function tile(name: string, value: string | null, text: string): Markup {
  return html`<div><dt>${name}</dt><dd>${value ?? '–'}<small>${text}</small></dd></div>`;
}

/** What stands out, the gravest first, each with the way to its module. */
export function standsOut(data: ReportData): Markup {
  const all = highlights(data);
  const places = new Map(data.modules.map(({ name }, index) => [name, moduleId(index)]));
  const rest = all.length - MOST;
  const list =
    all.length === 0
      ? html`<p class="calm">${standingSign(data.summary.runs === 0 ? 'idle' : 'fine')}${data.summary.runs === 0 ? 'Nothing has run, so there is nothing to say.' : 'Nothing: no open incident, no regression, no change that lasts.'}</p>`
      : html`<ul class="highlights">${all.slice(0, MOST).map(each => item(each, places))}</ul>`;
  return html`<section aria-labelledby="out"><h2 id="out">What stands out</h2>${list}${
    rest > 0 ? html`<p class="none">${counted(rest, 'more')} in the sections of the modules.</p>` : null
  }</section>`;
}

function item({ standing, module, text }: Highlight, places: Map<string, string>): Markup {
  const place = module === null ? 'machine' : places.get(module);
  const name = html`<b>${module ?? 'Machine'}</b>`;
  return html`<li>${standingSign(standing)}<p>${place === undefined ? name : html`<a href="#${place}">${name}</a>`} ${text}</p></li>`;
}
