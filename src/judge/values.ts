import { BASE_METRICS, COUNTED_METRICS, REPORTED_METRICS, type Run } from '../glossary/run.ts';
import { isMeasurable } from '../stats/measurable.ts';

type Values = [metric: string, value: number][];

/** Names that a custom metric cannot have: what is measured here is meant by them. */
const MEASURED = new Set<string>([...BASE_METRICS, ...COUNTED_METRICS, 'cpuSeconds']);

const REPORTED = new Set<string>(REPORTED_METRICS);

/** The metrics of a run that are known by their names, and no custom ones. */
export const KNOWN_METRICS: ReadonlySet<string> = new Set([...MEASURED, ...REPORTED]);

/**
 * The metrics of a run that have a finite value: base ones first, then its custom ones in their own order, then what its module
 * says of the run itself, then what the system counts beside. A custom metric with the name of a measured one is passed over.
 */
export function metricValues(run: Run): Values {
  const values = usualValues(run);
  for (const metric of COUNTED_METRICS) addFinite(values, metric, run[metric]);
  return values;
}

/**
 * The same without what the system counts beside: what models of whole runs look at. To them every metric is worth the same, and
 * these three would bring noise into each of their judgements.
 */
export function usualValues(run: Run): Values {
  const values: Values = [];
  for (const metric of BASE_METRICS) addFinite(values, metric, run[metric]);
  // Before there were metrics of these names, a module may have reported such a one as its own: it is the same.
  const reported: readonly string[] = REPORTED_METRICS.filter(metric => run[metric] !== null);
  for (const [metric, value] of Object.entries(run.custom))
    if (!MEASURED.has(metric) && !reported.includes(metric)) addFinite(values, metric, value);
  for (const metric of REPORTED_METRICS) addFinite(values, metric, run[metric]);
  return values;
}

/**
 * One metric of a run, found as `metricValues` does, and its CPU time; null where it has none that figures can be made of. A custom metric may have the
 * name of a field of the run that is no metric, such as `iteration` or `attempt`.
 *
 * @param run also one that was read as it stands in the store, where fields may be missing
 */
export function valueIn(run: Run, metric: string): number | null {
  const isMeasured = MEASURED.has(metric);
  const own = KNOWN_METRICS.has(metric) ? run[metric as keyof Run] : null;
  const value = typeof own === 'number' || isMeasured ? own : customOf(run, metric);
  return typeof value === 'number' && isMeasurable(value) ? value : null;
}

function customOf({ custom }: Partial<Run>, metric: string): number | undefined {
  return custom !== undefined && Object.hasOwn(custom, metric) ? custom[metric] : undefined;
}

function addFinite(values: Values, metric: string, value: unknown): void {
  if (typeof value === 'number' && Number.isFinite(value)) values.push([metric, value]);
}
