import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Fault, missed, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { coverReadOnly, mountExt4, run } from '../mounts.ts';
import { pipeline } from '../pipeline.ts';
import { whileAlive } from '../program.ts';
import { countIterations } from '../told.ts';

/** How the kernel shows a disk that has failed: from Linux 6.13 on it stays `rw`, with another word beside it. */
const FAILED = /[ ,](emergency_)?ro[ ,]/;

const READ_ONLY = /EROFS|read-only|cannot be written/i;

export const readOnlyForAWhile: Fault = {
  id: 'crash/read-only-for-a-while',
  group: 'crash',
  weight: 'high',
  fault:
    'data/, logs/ and .git/ become read-only under a running supervisor (its open files are not), then writable again',
  promise: 'it goes on and says what it cannot write; with write access it catches up by itself',
  quick: true,
  isolated: true,
  needs: ['linux', 'mount'],
  async inject(context) {
    const line = pipeline(context);
    const witness = new Witness(line);
    const supervisor = context.start(line.workspace.root);
    const iterations = (): number => countIterations(supervisor);
    await whileAlive(supervisor, 'two iterations have ended', () => iterations() >= 2);
    const uncover = ['data', 'logs', '.git'].map(name => coverReadOnly(context, line.workspace.path(name)));
    const before = iterations();
    const isSaid = (): boolean => /performance\.json could not be written/.test(supervisor.stderr());
    await whileAlive(supervisor, 'it says so and goes on', () => isSaid() && iterations() >= before + 2);
    if (!READ_ONLY.test(supervisor.stderr())) return missed('nothing was read-only');
    for (const act of uncover) act();
    await whileAlive(supervisor, 'it writes again', () => /could be written again/.test(supervisor.stderr()));
    const after = iterations();
    await whileAlive(supervisor, 'two more iterations', () => iterations() >= after + 2);
    const { code, stdout, stderr } = await supervisor.stop();
    witness.hear(stdout);
    const { problems, counts } = await witness.verdict();
    if (code !== 0) problems.push(`it ended with ${code}: ${stderr.slice(-300)}`);
    return outcome(problems, 'three folders were read-only for a while', { faultsInjected: 3, ...counts });
  },
};

export const failedDisk: Fault = {
  id: 'crash/disk-failed-read-only',
  group: 'crash',
  weight: 'high',
  fault:
    'the disk (ext4) meets an error and is read-only from then on, for open files too; then it is repaired and mounted again',
  promise:
    'it stays up and says so, or ends with 4; the next start on the repaired disk has lost nothing that was shown',
  quick: false,
  isolated: true,
  needs: ['linux', 'loop'],
  async inject(context) {
    const disk = mountExt4(context, 48, { journal: true });
    const line = pipeline(context, { root: join(disk.folder, 'workspace') });
    const witness = new Witness(line);
    run('sync', '-f', disk.folder); // what the user wrote has been there for long
    const supervisor = context.start(line.workspace.root);
    const iterations = (): number => countIterations(supervisor);
    await whileAlive(supervisor, 'three iterations have ended', () => iterations() >= 3);
    writeFileSync(`/sys/fs/ext4/${basename(disk.device)}/trigger_fs_error`, '1');
    const isStruck = (): boolean =>
      FAILED.test(mountLine(disk.folder)) || READ_ONLY.test(supervisor.stderr());
    const problems: string[] = [];
    await whileAlive(supervisor, 'it says what it cannot write', () =>
      /warning: .*(could not|cannot)/.test(supervisor.stderr()),
    );
    if (!isStruck()) return missed('the disk is still writable');
    await new Promise(resolve => setTimeout(resolve, { quick: 2_000, full: 15_000 }[context.size]));
    const isAlive = supervisor.process.exitCode === null && supervisor.process.signalCode === null;
    const { code, signal, stdout, stderr } = await supervisor.stop();
    if (signal !== null || ![0, 4].includes(code ?? -1))
      problems.push(`it ended with ${signal ?? code}: ${stderr.slice(-300)}`);
    if (!isAlive && code !== 4) problems.push('it did not stay up');
    witness.hear(stdout);
    repair(disk);
    const next = await context.start(line.workspace.root, ['run', '--json', '--iterations', '2']).ended;
    witness.hear(next.stdout);
    if (next.code !== 0) problems.push(`the next start ended with ${next.code}: ${next.stderr.slice(-300)}`);
    const verdict = await witness.verdict();
    return outcome([...problems, ...verdict.problems], `failed under it, exit code ${code}`, {
      faultsInjected: 1,
      ...verdict.counts,
    });
  },
};

function repair({ folder }: { folder: string }): void {
  const image = `${folder}.image`;
  run('umount', folder);
  run('sh', '-c', 'e2fsck -fp "$0" || test $? -le 1', image);
  run('mount', '-o', 'loop', image, folder);
}

function mountLine(folder: string): string {
  return (
    readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .find(line => line.includes(` ${folder} `)) ?? ''
  );
}
