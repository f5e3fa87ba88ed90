import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, missed, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { pipeline } from '../pipeline.ts';
import { whileAlive } from '../program.ts';

const KILLS = { quick: 3, full: 200 };

/** As long as an iteration of the pipeline and its commit take: a kill can be in any part of it. */
const MOMENTS_MS = 1_200;

export const killAtRandom: Fault = {
  id: 'crash/kill-at-random',
  group: 'crash',
  weight: 'critical',
  fault: 'the supervisor is killed (SIGKILL) at random moments while modules run, 200 times',
  promise:
    'the next start goes on at once; no run that was shown is lost, nothing runs twice, nothing is left',
  quick: false,
  needs: ['linux'],
  limitSeconds: { quick: 90, full: 1_800 },
  async inject(context) {
    const line = pipeline(context);
    const witness = new Witness(line);
    const kills = KILLS[context.size];
    let struck = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      const before = line.started('quick').length;
      const supervisor = context.start(line.workspace.root);
      await whileAlive(supervisor, 'modules run', () => line.started('quick').length > before);
      await sleep(context.random() * MOMENTS_MS);
      supervisor.process.kill('SIGKILL');
      const { signal, stdout } = await supervisor.ended;
      if (signal === 'SIGKILL') struck += 1;
      witness.hear(stdout);
      witness.look();
      if (kill % 10 === 9) context.progress(`${kill + 1} of ${kills} kills`);
    }
    if (struck < kills)
      return missed(`${kills - struck} of ${kills} had ended before`, { killPoints: struck });
    const last = context.start(line.workspace.root, ['run', '--json', '--iterations', '2']);
    const { code, stdout } = await last.ended;
    witness.hear(stdout);
    const { problems, counts } = await witness.verdict();
    if (code !== 0) problems.push(`the last start ended with ${code}`);
    return outcome(problems, `${kills} kills`, { killPoints: kills, ...counts });
  },
};
