import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TWO_STEPS } from '../../helpers/steps.ts';
import type { Ended } from '../../helpers/supervisor.ts';
import { type Fault, type FaultContext, type Outcome, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { type Disk, mountExt4, mountTmpfs } from '../mounts.ts';
import type { Need } from '../needs.ts';
import { pipeline } from '../pipeline.ts';
import { whileAlive } from '../program.ts';
import { countIterations } from '../told.ts';
import type { Trial } from '../trial.ts';
import { type Met, manyStarts } from './many-starts.ts';

/** SQLite calls a disk without room for its index of the log an I/O error; the advice names the free space. */
const FULL = /disk is full|ENOSPC|no space left|check the disk and the free space/i;

/** Each amount that is left lets the disk be full at another write. */
const LEFT_KB = { quick: [0, 8, 24], full: Array.from({ length: 40 }, (_, index) => index * 4) };

/** File systems that are full in different ways. */
const DISKS = {
  tmpfs: { needs: ['linux', 'tmpfs'], mount: context => mountTmpfs(context, 'size=8m'), mayBeKilled: false },
  ext4: { needs: ['linux', 'loop'], mount: context => mountExt4(context, 8), mayBeKilled: false },
  /**
   * Where blocks are smaller than pages (small file systems only), SQLite's index of the log in memory can be on blocks that
   * are not there yet: the system ends the process then (SIGBUS), and SQLite knows no way around it.
   */
  'ext4-with-small-blocks': {
    needs: ['linux', 'loop'],
    mount: context => mountExt4(context, 8, { blockBytes: 1024 }),
    mayBeKilled: true,
  },
} satisfies Record<string, { needs: Need[]; mount(context: FaultContext): Disk; mayBeKilled: boolean }>;

export const fullDiskAnywhere: Fault[] = Object.entries(DISKS).map(
  ([kind, { needs, mount, mayBeKilled }]) => ({
    id: `crash/full-disk-${kind}`,
    group: 'crash',
    weight: 'critical',
    fault: `the disk (${kind}) has room for 0, 4, 8, ... 156 KB, so that it is full in the middle of the store, a projection, the log, a commit`,
    promise: `the files stay whole, what was shown stays, no temporary file is left, and with room all is caught up${mayBeKilled ? '; it may be ended by SIGBUS' : ''}`,
    quick: kind === 'tmpfs',
    isolated: true,
    needs,
    limitSeconds: { quick: 90, full: 900 },
    inject: context => withAmountsLeft(context, mount(context), mayBeKilled),
  }),
);

async function withAmountsLeft(context: FaultContext, disk: Disk, mayBeKilled: boolean): Promise<Outcome> {
  const line = pipeline(context, { yaml: TWO_STEPS, root: join(disk.folder, 'workspace') });
  const options = { least: 2, happened: (struck: number) => `the disk was full ${struck} times` };
  return manyStarts(context, line, options, trial => fullAgainAndAgain(context, trial, disk, mayBeKilled));
}

async function fullAgainAndAgain(
  context: FaultContext,
  { workspace: { root }, witness }: Trial,
  disk: Disk,
  mayBeKilled: boolean,
): Promise<Met> {
  const problems: string[] = [];
  let struck = 0;
  for (const left of LEFT_KB[context.size]) {
    disk.fill(left * 1024);
    const { code, signal, stdout, stderr } = await onceWithLeft(context, root, disk);
    const isExpected = signal === null ? [0, 1, 4].includes(code ?? -1) : mayBeKilled && signal === 'SIGBUS';
    if (FULL.test(stderr) || signal === 'SIGBUS') struck += 1;
    if (!isExpected)
      problems.push(`with ${left} KB left it ended with ${signal ?? code}: ${stderr.slice(-300)}`);
    witness.hear(stdout);
    witness.look();
    const temporary = readdirSync(join(root, 'data')).filter(name => name.endsWith('.tmp'));
    if (temporary.length > 0 && signal === null)
      problems.push(`with ${left} KB left it left ${temporary.join(', ')}`);
    disk.free();
    context.progress(
      `${left} KB: ${signal ?? code}, ${stderr.trim().split('\n').at(-1)?.slice(0, 120) ?? ''}`,
    );
  }
  return { struck, problems };
}

/** `once` keeps a run that has happened until it can be recorded: then there is room again. */
async function onceWithLeft(context: FaultContext, root: string, disk: Disk): Promise<Ended> {
  const once = context.start(root, ['once', '--json']);
  const looking = setInterval(() => {
    if (/kept until it can/.test(once.stderr())) disk.free();
  }, 50);
  return once.ended.finally(() => clearInterval(looking));
}

const FULL_SECONDS = { quick: 5, full: 600 };

export const fullDiskForLong: Fault = {
  id: 'crash/full-disk-for-long',
  limitSeconds: { quick: 60, full: 1_200 },
  group: 'crash',
  weight: 'high',
  fault: 'the disk is full for ten minutes under a running supervisor (quick: 5 s), then there is room again',
  promise: 'it stays up, says so once and not each second, and goes on by itself with nothing lost',
  quick: false,
  isolated: true,
  needs: ['linux', 'tmpfs'],
  async inject(context) {
    const disk = mountTmpfs(context, 'size=8m');
    const line = pipeline(context, { root: join(disk.folder, 'workspace') });
    const witness = new Witness(line);
    const supervisor = context.start(line.workspace.root);
    const iterations = (): number => countIterations(supervisor);
    await whileAlive(supervisor, 'two iterations have ended', () => iterations() >= 2);
    disk.fill();
    await whileAlive(supervisor, 'it says that the disk is full', () => FULL.test(supervisor.stderr()));
    const end = performance.now() + FULL_SECONDS[context.size] * 1000;
    while (performance.now() < end) {
      disk.fill();
      witness.look();
      await sleep(200);
    }
    const said = supervisor.stderr().split('\n').length;
    disk.free();
    const before = iterations();
    await whileAlive(supervisor, 'iterations end again', () => iterations() >= before + 2, 120_000);
    const { code, stdout, stderr } = await supervisor.stop();
    witness.hear(stdout);
    const { problems, counts } = await witness.verdict();
    if (code !== 0) problems.push(`it ended with ${code}: ${stderr.slice(-300)}`);
    if (said > 40) problems.push(`it wrote ${said} lines to standard error while the disk was full`);
    const happened = `full for ${FULL_SECONDS[context.size]} s, ${said} lines were said`;
    return outcome(problems, happened, { faultsInjected: 1, ...counts });
  },
};

export const fullDiskAtStart: Fault = {
  id: 'crash/full-disk-at-start',
  group: 'crash',
  weight: 'high',
  fault: 'the disk is full before the first start, and before a later one',
  promise:
    'it says that the disk is full and ends with 4, or runs; nothing is destroyed, and the start with room is a good one',
  quick: false,
  isolated: true,
  needs: ['linux', 'tmpfs'],
  async inject(context) {
    const disk = mountTmpfs(context, 'size=8m');
    const line = pipeline(context, { yaml: TWO_STEPS, root: join(disk.folder, 'workspace') });
    const { root } = line.workspace;
    const witness = new Witness(line);
    const problems: string[] = [];
    for (const round of ['first', 'later']) {
      disk.fill();
      const full = await context.start(root, ['run', '--json', '--iterations', '1']).ended;
      witness.hear(full.stdout);
      if (full.signal !== null || ![0, 4].includes(full.code ?? -1) || !FULL.test(full.stderr))
        problems.push(
          `the ${round} start ended with ${full.signal ?? full.code}: ${full.stderr.slice(-300)}`,
        );
      disk.free();
      const good = await context.start(root, ['once', '--json']).ended;
      witness.hear(good.stdout);
      if (good.code === 4) problems.push(`with room it ended with 4: ${good.stderr.slice(-300)}`);
    }
    const verdict = await witness.verdict();
    return outcome([...problems, ...verdict.problems], 'two starts on a full disk', {
      faultsInjected: 2,
      ...verdict.counts,
    });
  },
};
