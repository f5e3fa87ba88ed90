import * as z from 'zod';
import type { BaselineKind } from '../glossary/detection-settings.ts';
import { DETECTION_DEFAULTS as DEFAULTS } from './detection-defaults.ts';
import { autoOrInteger, autoOrNumber, flag, form, integer, mapping, named, number } from './fields.ts';

const MOST = 1_000_000_000;

const floors = (description: string) =>
  named('a mapping of metrics to numbers, such as { memoryMb: 5 }', number(0, MOST))
    .default({})
    .describe(description);

const threshold = () => number(0, 1_000_000);
const BASELINES = ['rolling', 'fixed'] as const satisfies readonly BaselineKind[];

const baseline = () => z.enum(BASELINES, form('must be rolling or fixed'));

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
  baseline: baseline()
    .optional()
    .describe('rolling, or fixed: the one of `watchkeeper set-baseline`. Default: that of the module.'),
  judge: flag()
    .optional()
    .describe(
      'false: this metric is recorded but never judged. Default: that of the module; diskReadMb, diskWrittenMb and contextSwitches are judged only where a rule or a floor names them.',
    ),
});

const moduleRule = mapping('a mapping such as { threshold: 40 }', {
  threshold: threshold().optional().describe('Percent. Default: that of detection.'),
  window: runs().optional().describe('Runs in the baseline. Default: that of detection.'),
  recoveryRuns: runs()
    .optional()
    .describe('Runs after which an anomaly is recovered or persisted. Default: that of detection.'),
  baseline: baseline()
    .optional()
    .describe('rolling, or fixed: the one of `watchkeeper set-baseline`. Default: that of detection.'),
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
    .default(DEFAULTS.thresholdPercent)
    .describe('Percent: a metric that leaves its baseline by more is an anomaly. Default: 25.'),
  window: runs().default(DEFAULTS.window).describe('Runs in the baseline. Default: 5.'),
  recoveryRuns: runs()
    .default(DEFAULTS.recoveryRuns)
    .describe(
      'An anomaly that is over within so many runs is recovered, else it is persisted and the new normal. Default: 3.',
    ),
  baseline: baseline()
    .default(DEFAULTS.baseline)
    .describe(
      'What a value is compared with: rolling, the average of the last values, or fixed, what was set with `watchkeeper set-baseline` (rolling where nothing was). Default: rolling.',
    ),
  floors: floors(
    'Absolute changes below these, by metric, are never flagged. Default: { runtimeSeconds: 0.05, cpuPercent: 5, memoryMb: 5, apiLatencySeconds: 0.02, setupSeconds: 0.05, cleanupSeconds: 0.05 }; what is given is laid over it.',
  ),
  changes: flag()
    .default(DEFAULTS.changes)
    .describe(
      'Whether a real change that the rule misses is written to anomalies.log as `change`. Default: true.',
    ),
  period: autoOrInteger(2, 10_000).describe(
    'Runs per season, such as 24 for an hourly module with a daily rhythm; auto: found in the history. Default: auto.',
  ),
  contamination: autoOrNumber(0.0001, 0.5).describe(
    'Share of runs that the isolation forest takes for unusual; auto: by its score alone. Default: auto.',
  ),
  modelUpdateInterval: integer(1, 100_000)
    .default(DEFAULTS.modelUpdateInterval)
    .describe('The models of a module are trained anew after so many runs. Default: 50.'),
  lstm: flag()
    .default(DEFAULTS.lstm)
    .describe(
      'Whether the LSTM autoencoder is trained for modules with over 200 runs: some seconds of one core each time. Default: true.',
    ),
  seed: integer(0, 4_294_967_295)
    .default(DEFAULTS.seed)
    .describe('Seed of all random choices: the same history and seed give the same verdicts. Default: 1.'),
  modules: named('a mapping of module names to rules', moduleRule)
    .default({})
    .describe('Rules by module, over the ones here. Default: none.'),
});
