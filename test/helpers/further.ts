import type { ReportedMetrics, Run } from '../../src/glossary/run.ts';

/** Of what a run need not have, nothing. */
export const NOTHING_FURTHER = {
  setupSeconds: null,
  cleanupSeconds: null,
  samplesPerSecond: null,
  diskReadMb: null,
  diskWrittenMb: null,
  contextSwitches: null,
  labels: {},
} satisfies Partial<Run>;

/** What a module that says nothing has reported. */
export const NOTHING_REPORTED: ReportedMetrics = {
  apiLatencySeconds: null,
  api: null,
  custom: {},
  own: { setupSeconds: null, cleanupSeconds: null, samplesPerSecond: null },
  marks: { 'setup-end': null, 'cleanup-start': null },
  labels: {},
  badLines: 0,
};
