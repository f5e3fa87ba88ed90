import { isMetricName, isSourceName } from '../metric-name.ts';
import { BASE_METRICS } from '../types.ts';
import { type KnownNames, type Refusal, type Report, refuse } from './report.ts';

/** Who reports without a name. */
const ANYBODY = 'custom';
const MOST_LABELS = 16;
const LABEL_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;
const LONGEST_LABEL = 200;

export type Named = Pick<Report, 'source' | 'metric' | 'labels'>;

interface Given {
  /** Undefined: not said. */
  source?: string;
  metric: string;
  labels: Record<string, string>;
}

/**
 * The series that a line means. Its source is what the line says, else the label `source` or `service`, which then is no label any
 * more, else the first part of a dotted name (`market-feed.queue`) where that is a module or service of the workspace, else `custom`.
 */
export function named(given: Given, known: KnownNames): Named | Refusal {
  const labelled = given.source ?? given.labels['source'] ?? given.labels['service'];
  return checked(labelled === undefined ? fromName(given, known) : fromLabels(given, labelled), known);
}

function fromLabels({ source, metric, labels }: Given, labelled: string): Named {
  if (source !== undefined) return { source, metric, labels };
  const used = labels['source'] === undefined ? 'service' : 'source';
  const others = Object.entries(labels).filter(([name]) => name !== used);
  return { source: labelled, metric, labels: Object.fromEntries(others) };
}

function fromName({ metric, labels }: Given, { modules, services }: KnownNames): Named {
  const dot = metric.indexOf('.');
  const first = metric.slice(0, Math.max(0, dot));
  const isKnown = modules.has(first) || services.has(first);
  return isKnown
    ? { source: first, metric: metric.slice(dot + 1), labels }
    : { source: ANYBODY, metric, labels };
}

function checked(name: Named, { modules }: KnownNames): Named | Refusal {
  const { source, metric, labels } = name;
  if (!isMetricName(metric))
    return refuse('a metric is named by at most 64 letters, digits, _ and ., and begins with a letter or _');
  if (!isSourceName(source))
    return refuse('a source is named like a module, by small letters, digits and hyphens, and not `system`');
  if (modules.has(source) && BASE_METRICS.some(base => base === metric))
    return refuse(`${metric} of a module is measured, and cannot be reported`);
  const problem = labelsProblem(Object.entries(labels));
  return problem === null ? name : refuse(problem);
}

function labelsProblem(labels: [string, string][]): string | null {
  if (labels.length > MOST_LABELS) return `it has more than ${MOST_LABELS} labels`;
  if (!labels.every(([name]) => LABEL_NAME.test(name) && !(name in Object.prototype)))
    return 'a label is named by at most 64 letters, digits, _, . and -, and begins with a letter or _';
  if (!labels.every(([, value]) => isPlain(value)))
    return `a label's value is a text of at most ${LONGEST_LABEL} characters on one line`;
  return null;
}

/** Fit for a terminal and for a store: no control characters, no half of a character. */
function isPlain(text: string): boolean {
  return text.length <= LONGEST_LABEL && text.isWellFormed() && !/\p{Cc}/u.test(text);
}
