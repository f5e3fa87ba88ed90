import { statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TWO_STEPS } from '../../helpers/steps.ts';
import type { Fault, FaultContext } from '../fault.ts';
import { type Disk, mountTmpfs, run } from '../mounts.ts';
import { pipeline } from '../pipeline.ts';
import { once, type Trial } from '../trial.ts';
import { type Met, manyStarts } from './many-starts.ts';

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
    const options = { least: 2, happened: (struck: number) => `inodes were missing ${struck} times` };
    return manyStarts(context, line, options, trial => withInodesLeft(context, trial, disk));
  },
};

async function withInodesLeft(context: FaultContext, trial: Trial, { folder }: Disk): Promise<Met> {
  const problems: string[] = [];
  const ballast = join(folder, 'files');
  let struck = 0;
  for (const left of LEFT[context.size]) {
    run('mkdir', ballast);
    for (let index = 0; statfsSync(folder).ffree > left; index += 1)
      writeFileSync(join(ballast, String(index)), '');
    const { code, signal, stderr } = await once(context, trial);
    if (/ENOSPC|no space left|cannot be opened|could not be/i.test(stderr)) struck += 1;
    if (signal !== null || ![0, 1, 4].includes(code ?? -1))
      problems.push(`with ${left} inodes it ended with ${signal ?? code}: ${stderr.slice(-300)}`);
    run('rm', '-r', ballast);
    context.progress(
      `${left} left: exit code ${code}, ${stderr.trim().split('\n').at(-1)?.slice(0, 120) ?? ''}`,
    );
  }
  return { struck, problems };
}
