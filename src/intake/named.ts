import { BASE_METRICS } from '../glossary/run.ts';
import { SERVICE_METRICS } from '../glossary/service.ts';
import { isLabelName, isMetricName, isSourceName } from '../metric-name.ts';
import { type KnownNames, type Refusal, type Report, refuse } from './report.ts';

/** Who reports without a name. */
const ANYBODY = 'custom';
const MOST_LABELS = 16;
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
 * A name that begins with its source loses that part.
 */
export function named({ source, metric, labels }: Given, known: KnownNames): Named | Refusal {
  if (source !== undefined) return checked({ source, metric, labels }, known);
  for (const label of ['source', 'service']) {
    const { [label]: said, ...others } = labels;
    if (said !== undefined) return checked({ source: said, metric, labels: others }, known);
  }
  const first = metric.split('.', 1)[0] ?? '';
  const isKnown = first !== metric && (known.modules.has(first) || known.services.has(first));
  return checked({ source: isKnown ? first : ANYBODY, metric, labels }, known);
}

function checked(
  { source, metric: given, labels }: Named,
  { modules, sampled }: KnownNames,
): Named | Refusal {
  const metric = given.startsWith(`${source}.`) ? given.slice(source.length + 1) : given;
  if (!isMetricName(metric))
    return refuse('a metric is named by at most 64 letters, digits, _ and ., and begins with a letter or _');
  if (!isSourceName(source))
    return refuse('a source is named like a module, by small letters, digits and hyphens, and not `system`');
  if (modules.has(source) && BASE_METRICS.some(base => base === metric))
    return refuse(`${metric} of a module is measured, and cannot be reported`);
  if (sampled.has(source) && SERVICE_METRICS.some(own => own === metric))
    return refuse(`${metric} of a service is measured, and cannot be reported`);
  const problem = labelsProblem(Object.entries(labels));
  return problem === null ? { source, metric, labels } : refuse(problem);
}

function labelsProblem(labels: [string, string][]): string | null {
  if (labels.length > MOST_LABELS) return `it has more than ${MOST_LABELS} labels`;
  if (!labels.every(([name]) => isLabelName(name)))
    return 'a label is named by at most 64 letters, digits, _, . and -, and begins with a letter or _';
  if (!labels.every(([, value]) => isPlain(value)))
    return `a label's value is a text of at most ${LONGEST_LABEL} characters on one line`;
  return null;
}

/** Fit for a terminal and for a store: no control characters, no half of a character. */
function isPlain(text: string): boolean {
  return text.length <= LONGEST_LABEL && text.isWellFormed() && !/\p{Cc}/u.test(text);
}
