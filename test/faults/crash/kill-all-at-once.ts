import { existsSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { type Fault, type FaultContext, missed, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { type Pipeline, pipeline } from '../pipeline.ts';
import { whileAlive } from '../program.ts';

const KILLS = { quick: 3, full: 60 };

/** As long as an iteration and its commit take. */
const MOMENTS_MS = 1_500;

/** What git makes while it changes something, for less than a millisecond. */
const LOCKS = ['index.lock', 'HEAD.lock', 'refs/heads/main.lock'];

export const killAllAtOnce: Fault = {
  id: 'crash/kill-all-at-once',
  group: 'crash',
  weight: 'critical',
  fault:
    'the supervisor and its git processes are killed at the same moment (as a service manager or a lack of memory does), each second time while git holds a lock',
  promise: 'the next start goes on, commits again, and leaves no lock; nothing that was shown is lost',
  quick: false,
  needs: ['linux'],
  limitSeconds: { quick: 120, full: 1_800 },
  async inject(context) {
    const line = pipeline(context);
    const witness = new Witness(line);
    const kills = KILLS[context.size];
    let [struck, inLock] = [0, 0];
    for (let kill = 0; kill < kills; kill += 1) {
      const before = line.started('quick').length;
      const supervisor = context.start(line.workspace.root, undefined, { detached: true });
      await whileAlive(supervisor, 'modules run', () => line.started('quick').length > before);
      if (await comesToLock(context, line, kill % 2 === 0)) inLock += 1;
      process.kill(-(supervisor.process.pid ?? 0), 'SIGKILL');
      const { signal, stdout } = await supervisor.ended;
      if (signal === 'SIGKILL') struck += 1;
      witness.hear(stdout);
      witness.look();
      if (kill % 10 === 9) context.progress(`${kill + 1} of ${kills} kills, ${inLock} while git held a lock`);
    }
    if (struck < kills || inLock === 0)
      return missed(`${struck} of ${kills} kills, ${inLock} while git held a lock`);
    const last = await context.start(line.workspace.root, ['run', '--json', '--iterations', '3']).ended;
    witness.hear(last.stdout);
    const { problems, counts } = await witness.verdict();
    if (last.code !== 0) problems.push(`the last start ended with ${last.code}`);
    if (!/"commit":"[0-9a-f]/.test(last.stdout))
      problems.push(`no commit was made any more: ${last.stderr.slice(-300)}`);
    const happened = `${kills} kills, ${inLock} while git held a lock`;
    return outcome(problems, happened, { killPoints: kills, ...counts });
  },
};

/** Waits until git takes a lock, or for a random moment. @returns whether it has just taken one */
async function comesToLock(
  context: FaultContext,
  { workspace }: Pipeline,
  forLock: boolean,
): Promise<boolean> {
  const paths = LOCKS.map(name => workspace.path('.git', name)).filter(path => !existsSync(path)); // not those left before
  const end = performance.now() + (forLock ? 3_000 : context.random() * MOMENTS_MS);
  while (performance.now() < end) {
    if (forLock && paths.some(path => existsSync(path))) return true;
    await turn();
  }
  return false;
}
