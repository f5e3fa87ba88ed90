import type { MetricReport, ModuleReport, Recommendation, ReportData, ReportIncident } from './data.ts';
import { count, metricTitle, percentText, signedPercent } from './quantity.ts';
import { shown } from './text.ts';
import { moment } from './time.ts';
import { changeSentence, counted, limitSentence, regressionSentence, runsOf, sinceText } from './words.ts';

/** How something stands: `critical` wants somebody now, `warning` a look, `fine` nothing, `idle` has not run. */
export type Standing = 'critical' | 'warning' | 'fine' | 'idle';

export interface Highlight {
  standing: 'critical' | 'warning';
  /** Null: the machine. */
  module: string | null;
  text: string;
}

/** Failures worth a word: this share of the runs. */
const MANY_FAILURES = 0.05;
const SOME_FAILURES = 0.01;

/**
 * What a reader should know first, the gravest first: open incidents, regressions, failures, critical recommendations, real changes, limits that
 * come near.
 */
export function highlights(data: ReportData): Highlight[] {
  const urgent = data.recommendations.filter(({ severity }) => severity === 'critical');
  // A limit that is reached in a few days is a recommendation as well: what is urgent is said once.
  const isSaid = ({ module, limited }: Found): boolean =>
    limited !== undefined && urgent.some(each => each.module === module && each.metric === limited);
  const found = [
    ...data.incidents
      .filter(({ status }) => status === 'open')
      .map(open => incidentHighlight(open, data.timezone)),
    ...data.modules.flatMap(module => moduleHighlights(module, data.timezone)),
    ...urgent.map(urgentHighlight),
    ...data.system.flatMap(metric => limitHighlights(null, metric, data.timezone)),
  ].filter(each => !isSaid(each));
  return [
    ...found.filter(({ standing }) => standing === 'critical'),
    ...found.filter(({ standing }) => standing === 'warning'),
  ].map(({ standing, module, text }) => ({ standing, module, text }));
}

/** `limited`: the metric whose limit it tells of. */
type Found = Highlight & { limited?: string };

function urgentHighlight({ module, finding }: Recommendation): Highlight {
  return { standing: 'critical', module, text: shown(finding) };
}

function incidentHighlight(incident: ReportIncident, timezone: string): Highlight {
  const { module, metric, deviationPercent, direction, openedAtMs } = incident;
  const size = deviationPercent === null ? direction : signedPercent(deviationPercent);
  const text = `${shown(metricTitle(metric), 80)}: an incident is open since ${moment(openedAtMs, timezone)} (${size})`;
  return { standing: 'critical', module, text };
}

function moduleHighlights(module: ModuleReport, timezone: string): Found[] {
  return [
    ...failureHighlights(module),
    ...module.metrics.flatMap(metric => metricHighlights(module.name, metric, timezone)),
  ];
}

function failureHighlights(module: ModuleReport): Highlight[] {
  const { runs, failures } = runsOf(module);
  if (runs === 0 || failures / runs < MANY_FAILURES) return [];
  const share = percentText((failures / runs) * 100);
  const text = `${count(failures)} of ${counted(runs, 'run')} failed (${share})`;
  return [{ standing: 'critical', module: module.name, text }];
}

/** A regression and the last change are one thing: what is worse, and since when and with which commit. */
function metricHighlights(module: string, metric: MetricReport, timezone: string): Found[] {
  const { regression, changes } = metric;
  const limits = limitHighlights(module, metric, timezone);
  if (regression?.verdict === 'worse') {
    const last = changes.at(-1);
    const since = last === undefined ? '' : `; ${sinceText(last, timezone)}`;
    return [
      { standing: 'critical', module, text: `${regressionSentence(metric.metric, regression)}${since}` },
      ...limits,
    ];
  }
  const real = changes.filter(({ severity }) => severity !== 'info');
  const texts = real.map(change => changeSentence(metric.metric, change, timezone));
  return [...texts.map(text => ({ standing: 'warning' as const, module, text })), ...limits];
}

function limitHighlights(module: string | null, metric: MetricReport, timezone: string): Found[] {
  const text = limitSentence(metric, timezone);
  return text === null ? [] : [{ standing: 'warning', module, text, limited: metric.metric }];
}

/** The gravest of a module's highlights; a last run that failed is grave too, and advice is worth a look. */
export function standingOf(
  module: ModuleReport,
  all: readonly Highlight[],
  advice: readonly Recommendation[],
): Standing {
  const own = all.filter(highlight => highlight.module === module.name);
  const advised = advice.some(({ module: name, severity }) => name === module.name && severity !== 'info');
  const lastFailed = module.lastRun !== null && !['ok', 'skipped'].includes(module.lastRun.outcome);
  if (lastFailed || own.some(({ standing }) => standing === 'critical')) return 'critical';
  const { runs, failures } = runsOf(module);
  if (own.length > 0 || advised || failures > runs * SOME_FAILURES) return 'warning';
  return runs === 0 ? 'idle' : 'fine';
}

export const STANDING_WORDS: Record<Standing, string> = {
  critical: 'needs attention',
  warning: 'worth a look',
  fine: 'fine',
  idle: 'no runs',
};
