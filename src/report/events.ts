import type { MetricReport, ModuleReport } from './data.ts';
import { metricTitle, quantity, unitOf } from './quantity.ts';
import { shown } from './text.ts';
import { anomalyText, changeSentence, failureText, revisionText } from './words.ts';

/** Something that happened to a module. */
export interface ModuleEvent {
  timeMs: number;
  what: 'failed run' | 'new revision' | 'anomaly' | 'change';
  text: string;
}

/** Everything that the signs of a module's charts stand for, the newest first. */
export function eventsOf(module: ModuleReport, timezone: string): ModuleEvent[] {
  const events: ModuleEvent[] = [
    ...module.failures.map(failure => ({
      ...{ timeMs: failure.timeMs, what: 'failed run' as const },
      text: failureText(failure),
    })),
    ...module.revisions.map(mark => ({
      ...{ timeMs: mark.timeMs, what: 'new revision' as const },
      text: revisionText(mark),
    })),
    ...module.metrics.flatMap(metric => eventsOfMetric(metric, timezone)),
  ];
  return events.sort((a, b) => b.timeMs - a.timeMs);
}

function eventsOfMetric({ metric, anomalies, changes }: MetricReport, timezone: string): ModuleEvent[] {
  const name = shown(metricTitle(metric), 80);
  return [
    ...anomalies.map(anomaly => ({
      ...{ timeMs: anomaly.timeMs, what: 'anomaly' as const },
      text: `${name} ${quantity(anomaly.value, unitOf(metric))}: ${anomalyText(anomaly)}`,
    })),
    ...changes.map(change => ({
      ...{ timeMs: change.timeMs, what: 'change' as const },
      text: changeSentence(metric, change, timezone),
    })),
  ];
}
