import type { BaselineKind, DetectionSettings, Rule, RulePart } from '../glossary/detection-settings.ts';
import { COUNTED_METRICS } from '../glossary/run.ts';

type RuleFor = (detection: DetectionSettings, module: string, metric: string) => Rule | null;

/**
 * The rules with the baselines that were set for them: where the rule of a metric asks for a fixed one, it holds it.
 *
 * @param meanOf the baseline that was set; null where none was
 */
export function rulesWith(meanOf: (module: string, metric: string) => number | null): RuleFor {
  return (detection, module, metric) => {
    const rule = ruleFor(detection, module, metric);
    if (rule === null || baselineFor(detection, module, metric) === 'rolling') return rule;
    return { ...rule, fixedBaseline: meanOf(module, metric) };
  };
}

/**
 * The rule of one metric of one module: what is set for the metric, over what is set for the module, over what is set for
 * all. Null where the metric is not judged: what the system counts beside is only where a rule or a floor names it. Names are the user's, so only own properties count: a metric may be called
 * `constructor`.
 */
export function ruleFor(detection: DetectionSettings, module: string, metric: string): Rule | null {
  const ofModule = own(detection.modules, module);
  const ofMetric = own(ofModule?.metrics, metric);
  const isWanted = !isCounted(metric) || isNamed(ofMetric, [ofModule?.floors, detection.floors], metric);
  if (!(ofMetric?.judge ?? (isWanted && (ofModule?.judge ?? true)))) return null;
  return {
    thresholdPercent: ofMetric?.thresholdPercent ?? ofModule?.thresholdPercent ?? detection.thresholdPercent,
    window: ofMetric?.window ?? ofModule?.window ?? detection.window,
    recoveryRuns: ofMetric?.recoveryRuns ?? ofModule?.recoveryRuns ?? detection.recoveryRuns,
    floor: floorFor(detection, module, metric),
  };
}

/** Smaller changes of a metric do not matter, in its own unit, whether it is judged or not. */
export function floorFor(detection: DetectionSettings, module: string, metric: string): number {
  const ofModule = own(detection.modules, module);
  return (
    own(ofModule?.metrics, metric)?.floor ??
    own(ofModule?.floors, metric) ??
    ofModule?.floor ??
    own(detection.floors, metric) ??
    0
  );
}

function baselineFor(detection: DetectionSettings, module: string, metric: string): BaselineKind {
  const ofModule = own(detection.modules, module);
  return own(ofModule?.metrics, metric)?.baseline ?? ofModule?.baseline ?? detection.baseline;
}

function isCounted(metric: string): boolean {
  return COUNTED_METRICS.some(each => each === metric);
}

function isNamed(
  part: RulePart | undefined,
  floors: (Record<string, number> | undefined)[],
  metric: string,
): boolean {
  return part !== undefined || floors.some(each => own(each, metric) !== undefined);
}

function own<Value>(record: Record<string, Value> | undefined, key: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
