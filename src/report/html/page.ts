import type { ReportData } from '../data.ts';
import { highlights, standingOf } from '../highlights.ts';
import { shownRange } from '../shown-range.ts';
import { duration, fullMoment, timeSpan } from '../time.ts';
import { headline } from '../words.ts';
import { chart } from './chart.ts';
import { incidentsSection } from './incidents.ts';
import { html, type Markup, trusted } from './markup.ts';
import { moduleSection, noteList } from './module.ts';
import { modulesTable } from './modules-table.ts';
import { standsOut, tiles } from './overview.ts';
import type { ChartStyle } from './picture.ts';
import { recommendationsSection } from './recommendations.ts';
import { SCRIPT } from './script.ts';
import { LEGEND, SIGNS } from './signs.ts';
import { STYLE } from './style.ts';

/** All charts of a report together have at most about so many columns: it stays small with many modules, and fine with few. */
const COLUMNS = 16_000;
const FEWEST = 60;
const MOST = 240;

/**
 * A report as one HTML file: no request to anywhere, no script needed, every text of somebody else's escaped. Its policy lets
 * nothing run but the two texts of ours, by their hashes, so that even a hole in the escaping would run nothing.
 *
 * @param sha256 the SHA-256 digest of a text in UTF-8, as Base64
 */
export function htmlReport(data: ReportData, sha256: (text: string) => string): string {
  const policy = `default-src 'none'; style-src 'sha256-${sha256(STYLE)}'; script-src 'sha256-${sha256(SCRIPT)}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en" data-zone="${data.timezone}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">
<title>${data.workspace}: report of ${timeSpan(data.fromMs, data.toMs, data.timezone)}</title>
<style>${trusted(STYLE)}</style></head><body>${SIGNS}<main>
${body(data)}
</main><script>${trusted(SCRIPT)}</script></body></html>
`.markup;
}

function body(data: ReportData): Markup {
  const style = chartStyle(data);
  const all = highlights(data);
  const standings = data.modules.map(module => standingOf(module, all, data.recommendations));
  return html`${head(data)}
${tiles(data)}
${standsOut(data)}
<section aria-labelledby="modules"><h2 id="modules">Modules</h2>${modulesTable(data, standings, style.range)}</section>
${incidentsSection(data)}
${machine(data, style)}
${data.modules.length === 0 ? null : html`<h2>Module by module</h2>${LEGEND}`}
${data.modules.map((module, index) => moduleSection(module, index, standings[index] ?? 'idle', style))}
${recommendationsSection(data)}
<footer>Written by Watchkeeper on ${fullMoment(data.generatedAtMs, data.timezone)}. Times are in ${data.timezone}; 1 MB is 10<sup>6</sup> bytes; one CPU core is 100 %.</footer>`;
}

function head(data: ReportData): Markup {
  const { fromMs, toMs, timezone } = data;
  return html`<header><h1>${data.workspace}</h1>
<p class="sub">${timeSpan(fromMs, toMs, timezone)} · ${duration(toMs - fromMs)} · ${timezone}</p>
<p class="lead">${headline(data)}</p></header>`;
}

function machine({ system, timezone }: ReportData, style: ChartStyle): Markup | null {
  if (system.length === 0) return null;
  const charts = system.map((report, index) =>
    chart(
      {
        id: `s${index}`,
        owner: 'the machine',
        report,
        isLarge: false,
        level: 3,
        failures: [],
        revisions: [],
      },
      style,
    ),
  );
  return html`<section aria-labelledby="machine"><h2 id="machine">Machine</h2><div class="module">${noteList(system, timezone)}<div class="charts">${charts}</div></div></section>`;
}

function chartStyle(data: ReportData): ChartStyle {
  const charts = data.system.length + data.modules.reduce((sum, { metrics }) => sum + metrics.length, 0);
  const columns = Math.max(FEWEST, Math.min(MOST, Math.floor(COLUMNS / Math.max(1, charts))));
  return { timezone: data.timezone, range: shownRange(data), columns };
}
