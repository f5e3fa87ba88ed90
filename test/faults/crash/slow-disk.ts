import { type Fault, missed, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { pipeline } from '../pipeline.ts';
import { whileAlive } from '../program.ts';
import { strace } from '../strace.ts';
import { countIterations } from '../told.ts';

/** How long each fsync takes, how often modules are due, and how many iterations have to end so. */
const SLOW = {
  quick: { seconds: 0.2, every: '1s', iterations: 2 },
  full: { seconds: 5, every: '1m', iterations: 3 },
};

const yaml = (every: string): string => `history: { runs: 10000 }
git: { commitOn: [ok, recovered, persisted, anomaly, error] }
modules:
  quick: { command: sh step.sh 0, schedule: every ${every} }
  next: { command: sh step.sh 0.05, after: [quick] }
detection: { window: 2, recoveryRuns: 2 }
`;

export const slowDisk: Fault = {
  id: 'crash/slow-disk',
  group: 'crash',
  weight: 'medium',
  fault:
    'from the 25th on each fsync of the supervisor takes 5 s, with modules due each minute (quick: 0.2 s, each second)',
  promise:
    'iterations go on, late and one at a time; the workspace is not taken for abandoned; an orderly end is possible',
  quick: false,
  needs: ['linux', 'strace'],
  limitSeconds: { quick: 120, full: 1_800 },
  async inject(context) {
    const { seconds, every, iterations: wanted } = SLOW[context.size];
    const line = pipeline(context, { yaml: yaml(every) });
    const witness = new Witness(line);
    const calls = 'fsync,fdatasync';
    const inject = `${calls}:delay_enter=${seconds * 1e6}:when=25+`;
    const traced = strace(context, { calls, inject });
    const supervisor = context.start(line.workspace.root, undefined, { around: traced.around });
    const iterations = (): number => countIterations(supervisor);
    await whileAlive(supervisor, 'the disk is slow', () => traced.injected() > 0, 300_000);
    const before = iterations();
    await whileAlive(supervisor, `${wanted} slow iterations`, () => iterations() >= before + wanted, 900_000);
    const second = await context.start(line.workspace.root, ['run', '--iterations', '1']).ended;
    context.progress(
      `${traced.injected()} slow calls, a second supervisor ended with ${second.code}; ending it`,
    );
    const { code, stdout, stderr } = await supervisor.stop();
    witness.hear(stdout);
    if (traced.injected() < 10) return missed(`${traced.injected()} calls were slow`);
    const { problems, counts } = await witness.verdict();
    if (second.code !== 3)
      problems.push(`a second supervisor was let in (${second.code}): ${second.stderr.slice(-300)}`);
    if (code !== 0) problems.push(`it ended with ${code}: ${stderr.slice(-300)}`);
    return outcome(problems, `${traced.injected()} slow fsyncs`, {
      faultsInjected: traced.injected(),
      ...counts,
    });
  },
};
