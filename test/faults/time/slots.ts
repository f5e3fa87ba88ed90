import type { IterationSummary } from '../../../src/glossary/iteration.ts';
import type { Command } from '../../helpers/supervisor.ts';
import type { FaultContext } from '../fault.ts';
import type { MovedClock } from '../moved-clock.ts';
import { whileAlive } from '../program.ts';
import { countIterations, iterationsIn } from '../told.ts';

/** Keeps the loop awake: it looks at the clock at least as often as this module is due. */
export const HEARTBEAT = '  heartbeat: { command: "true", schedule: every 1s }\n';

/** An iteration that began so soon after the clock was set may have looked at the old time. */
const JUST_BEFORE_MS = 50;

/** Sets the clock, and waits until the loop has seen the new time: an iteration that began in it is over. */
export async function moveTo(supervisor: Command, clock: MovedClock, epochMs: number): Promise<void> {
  const before = countIterations(supervisor);
  clock.set(epochMs);
  const isThen = ({ startedAt, runs }: IterationSummary): boolean => {
    const begun = Date.parse(startedAt);
    const isNew = begun >= epochMs + JUST_BEFORE_MS && begun <= clock.now();
    return isNew && runs.some(({ module }) => module === 'heartbeat');
  };
  await whileAlive(supervisor, `the loop has seen ${new Date(epochMs).toISOString()}`, () =>
    iterationsIn(supervisor.stdout()).slice(before).some(isThen),
  );
}

/** A workspace with the heartbeat and these modules, each a line of YAML. */
export function clockWorkspace(
  context: FaultContext,
  modules: string[],
  head = '',
): ReturnType<FaultContext['workspace']> {
  const lines = modules.map(line => `  ${line}\n`).join('');
  const yaml = `runAtStart: false\ngit: { enabled: false }\nhistory: { runs: 10000 }\n${head}modules:\n${HEARTBEAT}${lines}`;
  return context.workspace({ 'watchkeeper.yaml': yaml });
}
