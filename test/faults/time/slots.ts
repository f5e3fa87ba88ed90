import type { Run } from '../../../src/types.ts';
import type { Command } from '../../helpers/supervisor.ts';
import type { FaultContext } from '../fault.ts';
import type { MovedClock } from '../moved-clock.ts';
import { whileAlive } from '../program.ts';

/** Keeps the loop awake: it looks at the clock at least as often as this module is due. */
export const HEARTBEAT = '  heartbeat: { command: "true", schedule: every 1s }\n';

/** The runs that a supervisor with `--json` has told so far. */
export function toldRuns({ stdout }: Command): Run[] {
  return stdout()
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as { type: string; run?: Run })
    .flatMap(({ run }) => (run === undefined ? [] : [run]));
}

/** An iteration that began so soon after the clock was set may have looked at the old time. */
const JUST_BEFORE_MS = 50;

interface IterationLine {
  type: string;
  startedAt: string;
  runs: Run[];
}

/** Sets the clock, and waits until the loop has seen the new time: an iteration that began in it is over. */
export async function moveTo(supervisor: Command, clock: MovedClock, epochMs: number): Promise<void> {
  const before = linesOf(supervisor).length;
  clock.set(epochMs);
  const isThen = ({ type, startedAt, runs }: IterationLine): boolean => {
    const begun = Date.parse(startedAt);
    const isNew = begun >= epochMs + JUST_BEFORE_MS && begun <= clock.now();
    return type === 'iteration' && isNew && runs.some(({ module }) => module === 'heartbeat');
  };
  await whileAlive(supervisor, `the loop has seen ${new Date(epochMs).toISOString()}`, () =>
    linesOf(supervisor).slice(before).some(isThen),
  );
}

function linesOf({ stdout }: Command): IterationLine[] {
  return stdout()
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as IterationLine);
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
