import { flag, integer, mapping, named, number } from './fields.ts';

const MOST = 1_000_000_000;

const floors = (description: string) =>
  named('a mapping of metrics to numbers, such as { memoryMb: 5 }', number(0, MOST))
    .default({})
    .describe(description);

const threshold = () => number(0, 1_000_000);
const runs = () => integer(1, 1_000);

const metricRule = mapping('a mapping such as { threshold: 40 }', {
  threshold: threshold().optional().describe('Percent. Default: that of the module.'),
  floor: number(0, MOST)
    .optional()
    .describe(
      "Absolute changes below this, in the metric's own unit, are never flagged. Default: that of the module.",
    ),
  window: runs().optional().describe('Runs in the baseline. Default: that of the module.'),
  recoveryRuns: runs()
    .optional()
    .describe('Runs after which an anomaly is recovered or persisted. Default: that of the module.'),
  judge: flag()
    .optional()
    .describe('false: this metric is recorded but never judged. Default: that of the module.'),
});

const moduleRule = mapping('a mapping such as { threshold: 40 }', {
  threshold: threshold().optional().describe('Percent. Default: that of detection.'),
  window: runs().optional().describe('Runs in the baseline. Default: that of detection.'),
  recoveryRuns: runs()
    .optional()
    .describe('Runs after which an anomaly is recovered or persisted. Default: that of detection.'),
  floors: floors(
    "Absolute changes below these, by metric, are never flagged for this module. Default: detection's.",
  ),
  judge: flag()
    .optional()
    .describe("false: this module's metrics are recorded but never judged. Default: true."),
  metrics: named('a mapping of metrics to rules', metricRule)
    .default({})
    .describe('Rules by metric, over those of the module. Default: none.'),
});

export const detectionSchema = mapping('a mapping such as { threshold: 25 }', {
  threshold: threshold()
    .default(25)
    .describe('Percent: a metric that leaves its baseline by more is an anomaly. Default: 25.'),
  window: runs().default(5).describe('Runs in the baseline. Default: 5.'),
  recoveryRuns: runs()
    .default(3)
    .describe(
      'An anomaly that is over within so many runs is recovered, else it is persisted and the new normal. Default: 3.',
    ),
  floors: floors(
    'Absolute changes below these, by metric, are never flagged. Default: { runtimeSeconds: 0.05, cpuPercent: 5, memoryMb: 5, apiLatencySeconds: 0.02 }; what is given is laid over it.',
  ),
  modules: named('a mapping of module names to rules', moduleRule)
    .default({})
    .describe('Rules by module, over the ones here. Default: none.'),
});

/** Smaller absolute changes of the base metrics are never flagged, unless the workspace says otherwise. */
export const DEFAULT_FLOORS = { runtimeSeconds: 0.05, cpuPercent: 5, memoryMb: 5, apiLatencySeconds: 0.02 };
