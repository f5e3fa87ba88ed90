import type { Settings } from '../types.ts';
import { record } from './attempt.ts';
import { unmeasuredRun } from './outcome.ts';
import type { Ports } from './ports.ts';

/** Runs that a killed supervisor had begun and could not record: they are `killed`, and are recorded as that now. */
export function recordAbandoned(ports: Ports, settings: Settings): void {
  for (const started of ports.history.abandonedRuns()) {
    const endedAt = new Date(ports.clock.now()).toISOString();
    record(
      ports,
      settings,
      unmeasuredRun(started, 'killed', endedAt, 'its supervisor was killed while it ran'),
    );
  }
}
