import { join } from 'node:path';
import type { Command } from '../../helpers/supervisor.ts';
import { type Workspace, workspaceAt } from '../../helpers/workspace.ts';
import type { FaultContext } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { type Disk, mountTmpfs } from '../mounts.ts';
import { type MovedClock, movedClock } from '../moved-clock.ts';
import { pipeline } from '../pipeline.ts';
import { whileAlive } from '../program.ts';
import { countIterations } from '../told.ts';

const YAML = `history: { runs: 10000 }
timezone: Europe/Berlin
git: { commitOn: [ok, recovered, persisted, error], okEvery: 1h }
modules:
  quick: { command: sh step.sh 0, schedule: every 1s }
  hourly: { command: sh step.sh 0.1, schedule: "0 * * * *", retries: 1, retryDelay: 10ms }
  daily: { command: sh step.sh 0.2, schedule: "30 2 * * *" }
  next: { command: sh step.sh 0, after: [hourly] }
services:
  feed: { command: sh step.sh 100000 }
detection: { window: 2, recoveryRuns: 2 }
`;

/** The workspace of a soak, and the supervisor in it. */
export interface Soak {
  workspace: Workspace;
  disk: Disk;
  witness: Witness;
  clock: MovedClock;
  yaml: string;
  random(): number;
  supervisor(): Command;
  pid(): number;
  start(): Promise<void>;
  /** Ends the supervisor in this way, and takes in what it has said. */
  finish(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  /** Waits until iterations end again. */
  recovered(): Promise<void>;
  moveTo(epochMs: number): Promise<void>;
  /** How many have ended, as far as they were told. */
  iterations(): number;
  end(): Promise<number | null>;
}

export function openSoak(context: FaultContext, startMs: number): Soak {
  const disk = mountTmpfs(context, 'size=200m');
  const line = pipeline(context, { yaml: YAML, root: join(disk.folder, 'workspace') });
  const workspace = workspaceAt(line.workspace.root);
  const witness = new Witness(line, { changing: ['watchkeeper.yaml'] });
  const clock = movedClock(context, startMs);
  let current: Command | null = null;
  let ended = 0;
  const supervisor = (): Command => {
    if (current === null) throw new Error('no supervisor has been started');
    return current;
  };
  const told = (): number => countIterations(supervisor());
  const soak: Soak = {
    ...{ workspace, disk, witness, clock, supervisor, yaml: YAML, random: context.random },
    pid: () => supervisor().process.pid ?? 0,
    async start() {
      current = context.start(workspace.root, ['run', '--json'], { env: clock.env });
      await soak.recovered();
    },
    async finish(signal) {
      supervisor().process.kill(signal);
      const { stdout, code } = await supervisor().ended;
      witness.hear(stdout);
      ended += told();
      return code;
    },
    async recovered() {
      const before = told();
      await whileAlive(supervisor(), 'iterations end', () => told() > before, 120_000);
    },
    async moveTo(epochMs) {
      clock.set(epochMs);
      await soak.recovered();
    },
    iterations: () => ended + (supervisor().process.exitCode === null ? told() : 0),
    end: () => soak.finish('SIGTERM'),
  };
  return soak;
}
