import type { Rule } from '../../src/glossary/detection-settings.ts';

/** What the rule says of one value, by the plain reading below. */
export interface Verdict {
  event: 'anomaly' | 'recovered' | 'persisted';
  index: number;
  runsOpen: number;
}

interface Incident {
  /** Index of its first value, and of its last one once it has ended. */
  first: number;
  last: number | null;
  end: 'recovered' | 'persisted' | null;
}

/**
 * The rule read slowly: for every value all incidents and baselines are worked out anew from the whole list. Whole numbers only,
 * so that every comparison is exact. It shares no code and no state with what it checks.
 */
export function verdictsOf(values: readonly number[], rule: Rule): Verdict[] {
  return values.flatMap((_, index) => verdictsAt(values.slice(0, index + 1), rule));
}

function verdictsAt(values: readonly number[], rule: Rule): Verdict[] {
  const index = values.length - 1;
  const incidents = incidentsOf(values, rule);
  const found: Verdict[] = [];
  for (const { first, last, end } of incidents) {
    const runsOpen = index - first;
    const concerned = first <= index && (last === null || last >= index);
    if (!concerned) continue;
    if (last === index && end === 'recovered') found.push({ event: 'recovered', index, runsOpen });
    else found.push({ event: 'anomaly', index, runsOpen });
    if (last === index && end === 'persisted') found.push({ event: 'persisted', index, runsOpen });
  }
  return found;
}

function incidentsOf(values: readonly number[], rule: Rule): Incident[] {
  const incidents: Incident[] = [];
  for (const [index, value] of values.entries()) {
    const open = incidents.find(({ end }) => end === null);
    const basis = basisAt(values, open?.first ?? index, incidents, rule);
    const outside = basis !== null && isOutside(value, basis, rule);
    if (open !== undefined && !outside) {
      open.last = index;
      open.end = 'recovered';
    }
    if (open === undefined && outside) incidents.push({ first: index, last: null, end: null });
    const still = incidents.find(({ end }) => end === null);
    if (still !== undefined && index - still.first === rule.recoveryRuns) {
      still.last = index;
      still.end = 'persisted';
    }
  }
  return incidents;
}

/** The values that a baseline before this index is the mean of: back to the last shift that became the new normal. */
function basisAt(
  values: readonly number[],
  index: number,
  incidents: readonly Incident[],
  rule: Rule,
): number[] | null {
  const basis: number[] = [];
  for (let at = index - 1; at >= 0; at -= 1) {
    const incident = incidents.find(({ first, last }) => first <= at && last !== null && at <= last);
    const anomalous = incident !== undefined && !(incident.end === 'recovered' && at === incident.last);
    if (!anomalous) basis.unshift(values[at] ?? Number.NaN);
    if (incident?.end === 'persisted') {
      basis.unshift(...values.slice(incident.first, at + 1));
      break;
    }
  }
  return basis.length < rule.window ? null : basis.slice(basis.length - rule.window);
}

function isOutside(value: number, basis: readonly number[], rule: Rule): boolean {
  const sum = basis.reduce((total, each) => total + each, 0);
  const times = basis.length;
  const difference = Math.abs(value * times - sum);
  return difference * 100 > rule.thresholdPercent * Math.abs(sum) && difference >= rule.floor * times;
}
