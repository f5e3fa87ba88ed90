import { statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, missed, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { mountTmpfs, run } from '../mounts.ts';
import { pipeline, TWO_STEPS } from '../pipeline.ts';

const LEFT = { quick: [0, 3, 6], full: Array.from({ length: 24 }, (_, index) => index) };

export const noInodes: Fault = {
  id: 'crash/no-inodes',
  group: 'crash',
  weight: 'medium',
  fault: 'the file system has room for 0, 1, 2, ... 23 more files and no other',
  promise: 'it says so, the files stay whole, what was shown stays, and with room all is caught up',
  quick: false,
  isolated: true,
  needs: ['linux', 'tmpfs'],
  async inject(context) {
    const disk = mountTmpfs(context, 'size=16m,nr_inodes=2000');
    const line = pipeline(context, { yaml: TWO_STEPS, root: join(disk.folder, 'workspace') });
    const { root } = line.workspace;
    const witness = new Witness(line);
    const problems: string[] = [];
    witness.hear((await context.start(root, ['once', '--json']).ended).stdout);
    let struck = 0;
    for (const left of LEFT[context.size]) {
      const ballast = join(disk.folder, 'files');
      run('mkdir', ballast);
      for (let index = 0; statfsSync(root).ffree > left; index += 1)
        writeFileSync(join(ballast, String(index)), '');
      const { code, signal, stdout, stderr } = await context.start(root, ['once', '--json']).ended;
      if (/ENOSPC|no space left|cannot be opened|could not be/i.test(stderr)) struck += 1;
      if (signal !== null || ![0, 1, 4].includes(code ?? -1))
        problems.push(`with ${left} inodes it ended with ${signal ?? code}: ${stderr.slice(-300)}`);
      witness.hear(stdout);
      run('rm', '-r', ballast);
      witness.look();
      context.progress(
        `${left} left: exit code ${code}, ${stderr.trim().split('\n').at(-1)?.slice(0, 120) ?? ''}`,
      );
    }
    if (struck < 2) return missed(`inodes were missing ${struck} times`);
    const { code, stdout, stderr } = await context.start(root, ['once', '--json']).ended;
    witness.hear(stdout);
    if (code === 4) problems.push(`with room it ended with 4: ${stderr.slice(-300)}`);
    const verdict = await witness.verdict();
    return outcome([...problems, ...verdict.problems], `inodes were missing ${struck} times`, {
      faultsInjected: struck,
      ...verdict.counts,
    });
  },
};
