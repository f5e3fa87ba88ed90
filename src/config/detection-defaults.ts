import type { DetectionSettings } from '../glossary/detection-settings.ts';

/**
 * What holds where a configuration says nothing of detection. In a file of its own, so that who needs no more than this need not wait for all
 * that reads and checks a configuration.
 */
export const DETECTION_DEFAULTS: DetectionSettings = {
  thresholdPercent: 25,
  window: 5,
  recoveryRuns: 3,
  baseline: 'rolling',
  /** Smaller absolute changes of the base metrics are never flagged, unless the workspace says otherwise. */
  floors: {
    runtimeSeconds: 0.05,
    cpuPercent: 5,
    memoryMb: 5,
    apiLatencySeconds: 0.02,
    setupSeconds: 0.05,
    cleanupSeconds: 0.05,
  },
  changes: true,
  period: null,
  contamination: null,
  modelUpdateInterval: 50,
  lstm: true,
  seed: 1,
  modules: {},
};
