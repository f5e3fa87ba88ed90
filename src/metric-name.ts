import { parsedJson } from './json.ts';

/** Which metric a person means: `collector.runtimeSeconds`, `system.cpuPercent{core=0}`. */
export interface MetricName {
  /** A module, a service, `system`. */
  source: string;
  metric: string;
  /** Null: none were named. `{}`: the series that has none. */
  labels: Record<string, string> | null;
}

const SOURCE = '[a-z][a-z0-9-]{0,62}';
const METRIC = '[A-Za-z_][A-Za-z0-9_.]{0,63}';
const LABEL = '[A-Za-z_][A-Za-z0-9_.-]{0,63}';

const METRIC_NAME = new RegExp(`^${METRIC}$`);
const LABEL_NAME = new RegExp(`^${LABEL}$`);
const FULL_NAME = new RegExp(String.raw`^(${SOURCE})\.(${METRIC})(?:\{(.*)\})?$`, 's');
/** A value is a JSON text, or one that needs no quotation marks. */
const NEXT_LABEL = new RegExp(String.raw`^\s*(${LABEL})\s*=\s*("(?:[^"\\]|\\.)*"|[^",{}]*?)\s*(?:,|$)`);
const NEEDS_MARKS = /[",{}\\\p{Cc}]|^\s|\s$/u;

/** Names of modules, of services and of whoever else reports: they become names of files and values of variables. */
export const MODULE_NAME = new RegExp(`^${SOURCE}$`);

/** The source of the machine's own metrics: nobody else may report as it. */
export const SYSTEM_SOURCE = 'system';

/** Whether a reported metric may be called so: no name that every object already has (`__proto__`, `constructor`). */
export function isMetricName(name: string): boolean {
  return METRIC_NAME.test(name) && !(name in Object.prototype);
}

/** Whether somebody who reports may be called so: like a module or a service. */
export function isSourceName(name: string): boolean {
  return MODULE_NAME.test(name) && name !== SYSTEM_SOURCE && !(name in Object.prototype);
}

/** Whether a label of a sample may be called so. */
export function isLabelName(name: string): boolean {
  return LABEL_NAME.test(name) && !(name in Object.prototype);
}

/** How a metric is written, for messages. */
export const METRIC_FORM = 'MODULE.METRIC such as collector.runtimeSeconds or system.cpuPercent';

/** Null where the text names no metric. */
export function parseMetricName(text: string): MetricName | null {
  const [, source, metric, labelText] = FULL_NAME.exec(text) ?? [];
  if (source === undefined || metric === undefined) return null;
  if (labelText === undefined) return { source, metric, labels: null };
  const labels = parseLabels(labelText);
  return labels === null ? null : { source, metric, labels };
}

/** `core=0, host="a, b"` */
function parseLabels(given: string): Record<string, string> | null {
  const labels: [string, string][] = [];
  for (let rest = given.trim(); rest !== ''; ) {
    const [whole, key, value] = NEXT_LABEL.exec(rest) ?? [];
    if (whole === undefined || key === undefined || value === undefined) return null;
    const text = value.startsWith('"') ? parsedJson(value) : value;
    if (typeof text !== 'string') return null;
    labels.push([key, text]);
    rest = rest.slice(whole.length);
  }
  return Object.fromEntries(labels);
}

/** The same as a text again. */
export function metricText({ source, metric, labels }: MetricName): string {
  const pairs = Object.entries(labels ?? {}).map(
    ([key, value]) => `${key}=${NEEDS_MARKS.test(value) ? JSON.stringify(value) : value}`,
  );
  return `${source}.${metric}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`}`;
}
