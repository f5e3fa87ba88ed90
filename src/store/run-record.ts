import { COUNTED_METRICS, REPORTED_METRICS, type Run } from '../glossary/run.ts';
import { parseRecord } from './database-errors.ts';

/** What a run need not have: left out where there is no value, so that a run takes little room, in the store as in a file. */
const FURTHER = [...REPORTED_METRICS, ...COUNTED_METRICS] as const;
type Further = (typeof FURTHER)[number] | 'labels';

/** Of what a run need not have, what it has. */
export function furtherOf(run: Pick<Run, Further>): Partial<Pick<Run, Further>> {
  const further: Partial<Pick<Run, Further>> = {};
  for (const metric of FURTHER) if (run[metric] !== null) further[metric] = run[metric];
  if (Object.keys(run.labels).length > 0) further.labels = run.labels;
  return further;
}

/** A run as its row in the store holds it. */
export function recordOf(run: Run): string {
  const {
    setupSeconds: _setup,
    cleanupSeconds: _cleanup,
    samplesPerSecond: _rate,
    diskReadMb: _read,
    diskWrittenMb: _written,
    contextSwitches: _switches,
    labels: _labels,
    ...always
  } = run;
  return JSON.stringify({ ...always, ...furtherOf(run) });
}

/**
 * A run as its row holds it, with what is left out filled in; rows of the time before there was such a metric lack it as well.
 *
 * @throws DamagedRecord
 */
export function runOfRecord(path: string, text: string): Run {
  const record = parseRecord<Omit<Run, Further> & Partial<Pick<Run, Further>>>(path, text);
  return {
    ...record,
    setupSeconds: record.setupSeconds ?? null,
    cleanupSeconds: record.cleanupSeconds ?? null,
    samplesPerSecond: record.samplesPerSecond ?? null,
    diskReadMb: record.diskReadMb ?? null,
    diskWrittenMb: record.diskWrittenMb ?? null,
    contextSwitches: record.contextSwitches ?? null,
    labels: record.labels ?? {},
  };
}
