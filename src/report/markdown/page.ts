import type { ModuleReport, Recommendation, ReportData } from '../data.ts';
import { figuresOf } from '../figures.ts';
import { highlights, STANDING_WORDS, type Standing, standingOf } from '../highlights.ts';
import { count, metricTitle, percentText, quantity, signedPercent, unitOf } from '../quantity.ts';
import { shownRange, type TimeRange } from '../shown-range.ts';
import { duration, fullMoment, timeSpan } from '../time.ts';
import {
  counted,
  cpuText,
  headline,
  incidentSize,
  incidentTime,
  runsOf,
  settingText,
  successText,
  sureText,
} from '../words.ts';
import { codeText, markdownTable, plainText } from './markdown.ts';
import { metricTable, moduleMarkdown, noteItems } from './module.ts';
import { sparkline } from './sparkline.ts';

const SPARK_WIDTH = 16;
const MOST_HIGHLIGHTS = 10;
const MOST_INCIDENTS = 50;

/** A report as Markdown (GitHub's kind): tables that can be read as they are, in a terminal too. Every text of somebody else's is escaped. */
export function markdownReport(data: ReportData): string {
  const all = highlights(data);
  const standings = data.modules.map(module => standingOf(module, all, data.recommendations));
  return `${[
    ...head(data),
    ...standsOut(data),
    ...modules(data, standings),
    ...incidents(data),
    ...machine(data),
    ...(data.modules.length === 0 ? [] : ['## Module by module']),
    ...data.modules.flatMap((module, index) => moduleMarkdown(module, standings[index] ?? 'idle', data)),
    ...recommendations(data),
    `Written by Watchkeeper on ${fullMoment(data.generatedAtMs, data.timezone)}. Times are in ${plainText(data.timezone)}.`,
  ].join('\n\n')}\n`;
}

function head(data: ReportData): string[] {
  const { fromMs, toMs, timezone, summary } = data;
  const { system } = summary;
  const figures: [string, string | null][] = [
    ['Runs', count(summary.runs)],
    ['Failed', count(summary.failures)],
    ['Success', summary.successRate === null ? null : percentText(summary.successRate * 100)],
    ['Iterations', count(summary.iterations)],
    ['Open incidents', count(summary.openIncidents)],
    ['CPU time', cpuText(summary.cpuHours)],
    ['Machine CPU', system.cpuPercent === null ? null : quantity(system.cpuPercent.mean, 'percent')],
    ['Machine memory', partOf(system.memoryUsedMb?.mean ?? null, system.memoryTotalMb)],
    ['Disk free', partOf(system.diskFreeMb, system.diskTotalMb)],
  ];
  const known = figures.filter(([, value]) => value !== null);
  return [
    `# ${plainText(data.workspace)}`,
    `${timeSpan(fromMs, toMs, timezone)} · ${duration(toMs - fromMs)} · ${plainText(timezone)}`,
    headline(data),
    markdownTable(
      known.map(([name]) => name),
      [known.map(([, value]) => value ?? '–')],
      known.map((_, column) => column),
    ),
  ];
}

/** `18.4 GB of 62.1 GB`, as far as it is known. */
function partOf(partMb: number | null, totalMb: number | null): string | null {
  if (partMb === null) return null;
  const part = quantity(partMb, 'megabytes');
  return totalMb === null ? part : `${part} of ${quantity(totalMb, 'megabytes')}`;
}

function standsOut(data: ReportData): string[] {
  const all = highlights(data);
  const items = all
    .slice(0, MOST_HIGHLIGHTS)
    .map(
      ({ standing, module, text }) =>
        `- ${STANDING_WORDS[standing]}: **${plainText(module ?? 'Machine')}** ${plainText(text)}`,
    );
  const rest = all.length - MOST_HIGHLIGHTS;
  if (rest > 0) items.push(`- ${counted(rest, 'more')} below`);
  const nothing =
    data.summary.runs === 0
      ? 'Nothing has run.'
      : 'Nothing: no open incident, no regression, no change that lasts.';
  return ['## What stands out', items.length === 0 ? nothing : items.join('\n')];
}

function modules(data: ReportData, standings: Standing[]): string[] {
  if (data.modules.length === 0) return ['## Modules', 'No module has run in this time.'];
  const range = shownRange(data);
  const rows = data.modules.map((module, index) => moduleRow(module, standings[index] ?? 'idle', range));
  const heads = ['Module', 'State', 'Runs', 'Success', 'CPU time', 'Typical', 'Compared', 'Course'];
  return ['## Modules', markdownTable(heads, rows, [2, 3, 4, 5, 6])];
}

function moduleRow(module: ModuleReport, standing: Standing, range: TimeRange): string[] {
  const main = module.metrics[0];
  const figures = main === undefined ? null : figuresOf(main);
  const percent = main?.regression?.percent ?? null;
  return [
    plainText(module.name),
    STANDING_WORDS[standing],
    count(runsOf(module).runs),
    successText(module) ?? '–',
    cpuText(module.cpuHours) ?? '–',
    main === undefined || figures === null
      ? '–'
      : quantity(figures.median ?? figures.mean, unitOf(main.metric)),
    percent === null ? '–' : signedPercent(percent),
    main === undefined ? '' : sparkline(main.series, range, SPARK_WIDTH),
  ];
}

function recommendations({ recommendations: all }: ReportData): string[] {
  if (all.length === 0) return ['## Recommendations', 'No setting that should be changed was found.'];
  return ['## Recommendations', ...all.map(recommendation)];
}

function recommendation(
  { module, metric, severity, finding, evidence, setting }: Recommendation,
  index: number,
): string {
  const about = [module ?? 'workspace', metric].filter(part => part !== null).join(' · ');
  return [
    `${index + 1}. **${severity}** ${plainText(about)}: ${plainText(finding)}`,
    ...evidence.map(each => `   - ${plainText(each)}`),
    ...(setting === null ? [] : [`   - set ${codeText(settingText(setting))}`]),
  ].join('\n');
}

function incidents({ incidents: all, timezone }: ReportData): string[] {
  if (all.length === 0) return ['## Incidents', 'No incident in this time.'];
  const rows = all
    .slice(0, MOST_INCIDENTS)
    .map(incident => [
      incident.status,
      plainText(incident.module),
      plainText(metricTitle(incident.metric)),
      incidentSize(incident),
      incidentTime(incident, timezone),
      incident.confidence === null ? '–' : sureText(incident.confidence),
    ]);
  const rest = all.length - MOST_INCIDENTS;
  const more = rest > 0 ? [`${counted(rest, 'older incident')} left out.`] : [];
  return [
    '## Incidents',
    markdownTable(['State', 'Module', 'Metric', 'Value', 'Time', 'Sure'], rows),
    ...more,
  ];
}

function machine(data: ReportData): string[] {
  if (data.system.length === 0) return [];
  return ['## Machine', ...noteItems(data.system, data.timezone), ...metricTable(data.system, data)];
}
