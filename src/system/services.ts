import type { Sample } from '../glossary/sample.ts';
import type { ServiceUse } from '../glossary/service.ts';

/** The metrics of a service: its memory while it is known, and how long it has been running, which shows each restart. */
export function serviceSamples({ name, memoryMb, uptimeSeconds }: ServiceUse, timeMs: number): Sample[] {
  const values = { memoryMb, uptimeSeconds };
  return Object.entries(values).flatMap(([metric, value]) =>
    value === null ? [] : [{ timeMs, source: name, metric, labels: {}, value }],
  );
}
