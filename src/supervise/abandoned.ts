import type { ClosedIteration } from '../glossary/iteration.ts';
import type { Settings } from '../glossary/settings.ts';
import { messageOf, statusOf } from '../summary.ts';
import { record } from './attempt.ts';
import { openIncidents } from './open-incidents.ts';
import { unmeasuredRun } from './outcome.ts';
import type { Ports } from './ports.ts';

/**
 * Runs that a killed supervisor had begun and could not record: they are `killed`, and are recorded as that now. Iterations that it
 * could not finish are over with that, the ones all of whose runs are recorded too. So are incidents that nothing judges any more.
 */
export function recordAbandoned(ports: Ports, settings: Settings): void {
  const { history, clock } = ports;
  const endedAt = new Date(clock.now()).toISOString();
  const killed = history
    .abandonedRuns()
    .map(started => unmeasuredRun(started, 'killed', endedAt, 'its supervisor was killed while it ran'));
  for (const run of killed) record(ports, settings, run);
  const unfinished = new Set([...history.unfinishedIterations(), ...killed.map(run => run.iteration)]);
  const open = openIncidents(ports, settings);
  for (const recorded of history.recordedIn(unfinished)) finish(ports, { ...recorded, openIncidents: open });
}

function finish(
  { history }: Ports,
  happened: Omit<ClosedIteration, 'startedAt' | 'endedAt' | 'notStarted'>,
): void {
  const { iteration, runs } = happened;
  const endedMs = Math.max(...runs.map(run => Date.parse(run.endedAt)));
  history.finishIteration(iteration, {
    endedAt: new Date(endedMs).toISOString(),
    message: messageOf(happened),
    status: statusOf(happened),
  });
}
