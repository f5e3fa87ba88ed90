import type { Run } from '../glossary/run.ts';
import type { Settings } from '../glossary/settings.ts';
import { messageOf, statusOf } from '../summary.ts';
import { record } from './attempt.ts';
import { unmeasuredRun } from './outcome.ts';
import type { Ports } from './ports.ts';

/**
 * Runs that a killed supervisor had begun and could not record: they are `killed`, and are recorded as that now; their
 * iterations are over with that.
 */
export function recordAbandoned(ports: Ports, settings: Settings): void {
  const endedAt = new Date(ports.clock.now()).toISOString();
  const killed = ports.history
    .abandonedRuns()
    .map(started => unmeasuredRun(started, 'killed', endedAt, 'its supervisor was killed while it ran'));
  for (const run of killed) record(ports, settings, run);
  for (const [iteration, runs] of Map.groupBy(killed, run => run.iteration))
    finish(ports, iteration, runs, endedAt);
}

function finish(ports: Ports, iteration: number, runs: Run[], endedAt: string): void {
  const happened = { runs, events: [], openIncidents: ports.history.incidents({ open: true }) };
  ports.history.finishIteration(iteration, {
    endedAt,
    message: messageOf(happened),
    status: statusOf(happened),
  });
}
