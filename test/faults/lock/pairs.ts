import type { Command } from '../../helpers/supervisor.ts';
import { until } from '../../helpers/until.ts';
import { type Fault, type FaultContext, missed, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { pipeline } from '../pipeline.ts';

const PAIRS = { quick: 5, full: 200 };

const YAML = `history: { runs: 10000 }
git: { enabled: false }
modules:
  long: { command: sh step.sh 600 }
`;

export const simultaneousPairs: Fault = {
  id: 'lock/simultaneous-pairs',
  group: 'lock',
  weight: 'critical',
  fault:
    'two supervisors are started in the same moment, 200 times; in every other one the holder before was killed',
  promise: 'exactly one runs, the other says which process holds the workspace and ends with 3',
  quick: true,
  needs: ['linux'],
  limitSeconds: { quick: 60, full: 1_200 },
  async inject(context) {
    const line = pipeline(context, { yaml: YAML });
    const witness = new Witness(line);
    const problems: string[] = [];
    let kills = 0;
    for (let pair = 0; pair < PAIRS[context.size]; pair += 1) {
      const { winner, problem } = await race(context, line.workspace.root);
      problems.push(...problem);
      if (winner === null) break;
      await until('its module runs', () => line.started('long').length > pair);
      if (pair % 2 === 1) kills += 1;
      winner.process.kill(pair % 2 === 1 ? 'SIGKILL' : 'SIGTERM');
      witness.hear((await winner.ended).stdout);
      if (pair % 20 === 19) context.progress(`${pair + 1} pairs`);
    }
    if (kills === 0) return missed('no holder was killed');
    await endInOrder(context, line.workspace.root, witness);
    const { problems: found, counts } = await witness.verdict();
    return outcome([...problems, ...found], `${PAIRS[context.size]} pairs`, { killPoints: kills, ...counts });
  },
};

/** Both are started at once; the one that is refused ends by itself. */
async function race(
  context: FaultContext,
  root: string,
): Promise<{ winner: Command | null; problem: string[] }> {
  const pair = [context.start(root), context.start(root)];
  const first = await Promise.race(pair.map(one => one.ended.then(ended => ({ one, ended }))));
  const winner = pair.find(one => one !== first.one) ?? null;
  const { code, stderr } = first.ended;
  const said = new RegExp(`process ${winner?.process.pid}\\b|at the same moment`);
  const problem = code === 3 && said.test(stderr) ? [] : [`the other one ended with ${code}: ${stderr}`];
  const isUp = winner !== null && winner.process.exitCode === null && winner.process.signalCode === null;
  return { winner: isUp ? winner : null, problem: isUp ? problem : [...problem, 'neither of a pair runs'] };
}

/** What the last kill left is recorded by the next start. */
async function endInOrder(context: FaultContext, root: string, witness: Witness): Promise<void> {
  const last = context.start(root);
  await until('it runs', () => last.stderr().includes('watching') || last.process.exitCode !== null);
  witness.hear((await last.stop()).stdout);
}
