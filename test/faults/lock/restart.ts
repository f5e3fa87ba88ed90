import { type Fault, type FaultContext, missed, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { type Pipeline, pipeline } from '../pipeline.ts';
import { whileAlive } from '../program.ts';

const RESTARTS = { quick: 2, full: 20 };

/** A restart may take so much longer than a start after an orderly end. */
const LONGER_MS = 5_000;

export const instantRestart: Fault = {
  id: 'lock/instant-restart',
  group: 'lock',
  weight: 'high',
  fault: 'kill -9 while a module runs, and a start in the same moment',
  promise: 'it is up within 5 s (measured against a start after an orderly end in the same row)',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const line = pipeline(context);
    const witness = new Witness(line);
    const [usual, restarts]: number[][] = [[], []];
    let struck = 0;
    for (let turn = 0; turn < RESTARTS[context.size]; turn += 1) {
      usual?.push(await started(context, line, witness, 'SIGKILL'));
      struck += 1;
      restarts?.push(await started(context, line, witness, 'SIGTERM'));
    }
    if (struck === 0) return missed('nothing was killed');
    const [longest, ordinary] = [Math.max(...(restarts ?? [])), Math.max(...(usual ?? []))];
    const { problems, counts } = await witness.verdict();
    if (longest > ordinary + LONGER_MS)
      problems.push(`a restart took ${Math.round(longest)} ms, an ordinary start ${Math.round(ordinary)} ms`);
    const happened = `restarts after a kill took at most ${seconds(longest)} s, ordinary starts ${seconds(ordinary)} s`;
    return outcome(problems, happened, { killPoints: struck, ...counts });
  },
};

/** Milliseconds from the start until a module runs; then it is ended in this way. */
async function started(
  context: FaultContext,
  line: Pipeline,
  witness: Witness,
  end: 'SIGKILL' | 'SIGTERM',
): Promise<number> {
  const before = line.started('quick').length;
  const start = performance.now();
  const supervisor = context.start(line.workspace.root);
  await whileAlive(supervisor, 'a module runs', () => line.started('quick').length > before);
  const took = performance.now() - start;
  supervisor.process.kill(end);
  witness.hear((await supervisor.ended).stdout);
  return took;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}
