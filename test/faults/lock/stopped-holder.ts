import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, missed, outcome } from '../fault.ts';
import { readStore } from '../invariants/store.ts';
import { Witness } from '../invariants.ts';
import { pipeline } from '../pipeline.ts';
import { whileAlive } from '../program.ts';

/** The lock is stale after 30 s without a refresh. */
const STALE_MS = 31_000;

const YAML = `history: { runs: 10000 }
git: { commitOn: [ok, recovered, persisted, anomaly, error] }
modules:
  quick: { command: sh step.sh 0.5, schedule: every 1s }
`;

export const stoppedHolder: Fault = {
  id: 'lock/stopped-past-the-stale-time',
  group: 'lock',
  weight: 'critical',
  fault:
    'the holder is stopped (SIGSTOP) while a module runs until its lock is stale; another start takes over; SIGCONT',
  promise:
    'the one that wakes up writes nothing more, says that it was taken over, and ends; nothing runs twice',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const line = pipeline(context, { yaml: YAML });
    const { root } = line.workspace;
    const witness = new Witness(line);
    const first = context.start(root);
    await whileAlive(first, 'a module runs', () => line.started('quick').length > 1);
    first.process.kill('SIGSTOP');
    const refused = await context.start(root).ended;
    context.progress('waiting until the lock is stale');
    await sleep(STALE_MS);
    const second = context.start(root);
    const before = line.started('quick').length;
    await whileAlive(second, 'the second one runs modules', () => line.started('quick').length > before + 1);
    const taken = ownerOf(root);
    first.process.kill('SIGCONT');
    const woken = await first.ended;
    const seen = readStore(line.workspace.path('data'));
    const { stdout, code } = await second.stop();
    witness.hear(woken.stdout);
    witness.hear(stdout);
    if (taken !== second.process.pid) return missed(`the owner is ${taken}, not the second one`);
    const { problems, counts } = await witness.verdict();
    if (typeof seen === 'string') problems.push(seen);
    if (refused.code !== 3) problems.push(`while the lock was fresh a start ended with ${refused.code}`);
    if (!/taken/.test(woken.stderr) || woken.code === 0)
      problems.push(`the one that woke up ended with ${woken.code}: ${woken.stderr.slice(-300)}`);
    if (code !== 0) problems.push(`the second one ended with ${code}`);
    return outcome(problems, `taken over after ${STALE_MS / 1000} s; the first ended with ${woken.code}`, {
      faultsInjected: 1,
      ...counts,
    });
  },
};

function ownerOf(root: string): number | null {
  const path = `${root}/data/watchkeeper.owner.json`;
  if (!existsSync(path)) return null;
  const owner: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return typeof owner === 'object' && owner !== null && 'pid' in owner ? Number(owner.pid) : null;
}
