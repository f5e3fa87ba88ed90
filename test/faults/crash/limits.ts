import { chmodSync } from 'node:fs';
import type { Command } from '../../helpers/supervisor.ts';
import { type Fault, missed, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { run } from '../mounts.ts';
import { AS_NOBODY } from '../needs.ts';
import { pipeline } from '../pipeline.ts';
import { whileAlive } from '../program.ts';
import { countIterations } from '../told.ts';

/** So many at a time that their pipes need more descriptors, or their processes more places, than there are. */
const WIDE = `history: { runs: 10000 }
modules:
${'abcdefghijkl'.replaceAll(/./g, '  module-$&: { command: sh step.sh 1, schedule: every 1s }\n')}
detection: { window: 2 }
`;

export const fewDescriptors: Fault = {
  id: 'crash/few-descriptors',
  group: 'crash',
  weight: 'high',
  fault: 'ulimit -n 40 with twelve modules at a time: files, pipes and children meet EMFILE',
  promise: 'it stays up; what cannot be started is a failed run that says why; nothing is lost',
  quick: false,
  needs: ['linux', 'prlimit'],
  async inject(context) {
    const line = pipeline(context, { yaml: WIDE });
    const witness = new Witness(line);
    const supervisor = context.start(line.workspace.root, undefined, {
      around: ['prlimit', '--nofile=40', '--'],
    });
    await whileAlive(supervisor, 'three iterations have ended', () => countIterations(supervisor) >= 3);
    const { code, stdout, stderr } = await supervisor.stop();
    witness.hear(stdout);
    const struck = `${stdout}${stderr}`.match(/EMFILE|too many (open )?files/gi)?.length ?? 0;
    if (struck === 0) return missed('it needed no more than 40 descriptors');
    const { problems, counts } = await witness.verdict();
    if (code !== 0) problems.push(`it ended with ${code}: ${stderr.slice(-300)}`);
    if (stderr.includes('are not understood')) problems.push('it takes good reports of modules for bad ones');
    return outcome(problems, `EMFILE was named ${struck} times`, { faultsInjected: struck, ...counts });
  },
};

export const noMoreProcesses: Fault = {
  id: 'crash/no-more-processes',
  group: 'crash',
  weight: 'high',
  fault: 'as a user of its own: ulimit -u is reached under a running supervisor, and lifted again',
  promise: 'modules that cannot be started are failed runs that say why; afterwards all goes on',
  quick: false,
  needs: ['linux', 'root', 'prlimit', 'otherUser'],
  async inject(context) {
    const line = pipeline(context);
    const witness = new Witness(line);
    chmodSync(context.folder, 0o755);
    const hand = (owner: string): string => run('chown', '-R', owner, context.folder);
    hand('65534:65534');
    const supervisor = context.start(line.workspace.root, undefined, { around: ['setpriv', ...AS_NOBODY] });
    await whileAlive(supervisor, 'two iterations have ended', () => countIterations(supervisor) >= 2);
    const pid = String(supervisor.process.pid);
    const asNobody = (...args: string[]): string => run('setpriv', ...AS_NOBODY, ...args);
    const hard = asNobody('prlimit', '--pid', pid, '--nproc', '--output=HARD', '--noheadings').trim();
    // The soft limit alone: raising the other one again is not even allowed to every root.
    const limit = (most: string): string => asNobody('prlimit', '--pid', pid, `--nproc=${most}:`);
    limit('1');
    const struck = (): number => supervisor.stdout().match(/no more processes are allowed/g)?.length ?? 0;
    const wanted = { quick: 1, full: 20 }[context.size];
    await whileAlive(supervisor, `${wanted} runs could not be started`, () => struck() >= wanted, 120_000);
    limit(hard);
    const before = countIterations(supervisor);
    const isGood = (): boolean => /"status":"(ok|recovered)"/.test(lastLines(supervisor, 3));
    await whileAlive(
      supervisor,
      'all goes well again',
      () => countIterations(supervisor) >= before + 2 && isGood(),
      120_000,
    );
    const { code, stdout, stderr } = await supervisor.stop();
    hand('0:0');
    witness.hear(stdout);
    const { problems, counts } = await witness.verdict();
    if (code !== 0) problems.push(`it ended with ${code}: ${stderr.slice(-300)}`);
    return outcome(problems, `${struck()} runs could not be started`, {
      faultsInjected: struck(),
      ...counts,
    });
  },
};

function lastLines(supervisor: Command, count: number): string {
  return supervisor.stdout().trim().split('\n').slice(-count).join('\n');
}

export const fileSizeLimit: Fault = {
  id: 'crash/file-size-limit',
  group: 'crash',
  weight: 'medium',
  fault: 'ulimit -f is reached under a running supervisor (EFBIG, SIGXFSZ), and lifted again',
  promise: 'it stays up, says what cannot be written, no file is half-written, and with room it goes on',
  quick: false,
  needs: ['linux', 'prlimit'],
  async inject(context) {
    const line = pipeline(context);
    const witness = new Witness(line);
    const supervisor = context.start(line.workspace.root);
    await whileAlive(supervisor, 'two iterations have ended', () => countIterations(supervisor) >= 2);
    const limit = (most: string): string =>
      run('prlimit', '--pid', String(supervisor.process.pid), `--fsize=${most}:unlimited`);
    limit('1024');
    const struck = (): boolean => /EFBIG|disk I\/O error/.test(supervisor.stderr());
    await whileAlive(supervisor, 'a write is too large', struck);
    witness.look();
    limit('unlimited');
    const before = countIterations(supervisor);
    await whileAlive(
      supervisor,
      'iterations end again',
      () => countIterations(supervisor) >= before + 2,
      120_000,
    );
    const { code, stdout, stderr } = await supervisor.stop();
    witness.hear(stdout);
    const { problems, counts } = await witness.verdict();
    if (code !== 0) problems.push(`it ended with ${code}: ${stderr.slice(-300)}`);
    return outcome(problems, 'files could not grow for a while', { faultsInjected: 1, ...counts });
  },
};
