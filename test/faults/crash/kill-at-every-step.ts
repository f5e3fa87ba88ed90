import { TWO_STEPS } from '../../helpers/steps.ts';
import { type Counts, type Fault, type FaultContext, missed, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { type Pipeline, pipeline } from '../pipeline.ts';
import { strace } from '../strace.ts';

/** What changes something on the disk, or starts a child; the main thread does all of it. */
const CHANGES =
  'pwrite64,pwritev,pwritev2,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,ftruncate,link,linkat,utimensat,chmod,fchmod,clone';

const CHANGES_WORDS = 'fsync, rename, database write or child start';

/** The content of files, and what is said; most of them only wake another thread. */
const WRITES = 'write,writev';

/** After so many points a workspace is ended in order and looked at as a whole, and another one is begun with. */
const POINTS_IN_ONE = 40;

interface Sweep {
  calls: string;
  /** The same for a person. */
  words: string;
  /** Each point in a workspace in which nothing has run yet; else one after the other in the same one. */
  fresh: boolean;
}

const SWEEPS: Record<string, Sweep> = {
  'kill-at-every-change': { calls: CHANGES, words: CHANGES_WORDS, fresh: false },
  'kill-at-every-write': { calls: WRITES, words: 'write', fresh: false },
  'kill-at-every-change-of-a-first-start': { calls: CHANGES, words: CHANGES_WORDS, fresh: true },
  'kill-at-every-write-of-a-first-start': { calls: WRITES, words: 'write', fresh: true },
};

export const killAtEveryStep: Fault[] = Object.entries(SWEEPS).map(([name, sweep]) => ({
  id: `crash/${name}`,
  group: 'crash',
  weight: 'critical',
  fault: `\`once\` is killed at its 1st ${sweep.words}, then at its 2nd, and so on to its end${sweep.fresh ? ', each time in a new workspace' : ''}`,
  promise: 'the next start goes on at once; no run that was shown is lost, no file is half-written',
  quick: name === 'kill-at-every-change',
  needs: ['linux', 'strace'],
  limitSeconds: { quick: 90, full: 3_600 },
  inject: context => sweepThrough(context, sweep),
}));

type Found = Counts & { problems: string[] };

async function sweepThrough(context: FaultContext, sweep: Sweep) {
  const total: Found = { killPoints: 0, faultsInjected: 0, runsAcknowledged: 0, runsLost: 0, problems: [] };
  // Quick: some points that differ with the seed; full: all of them.
  const stride = context.size === 'full' ? 1 : 23;
  let point = context.size === 'full' ? 1 : 1 + Math.floor(context.random() * stride);
  let isOver = false;
  while (!isOver) {
    const end = sweep.fresh ? point + stride : point + stride * POINTS_IN_ONE;
    const seen = await stretch(context, sweep, { from: point, to: end, stride });
    isOver = seen.isOver;
    total.killPoints += seen.killPoints;
    total.runsAcknowledged += seen.runsAcknowledged;
    total.runsLost += seen.runsLost;
    total.problems.push(...seen.problems);
    point = end;
    context.progress(`${total.killPoints} points`);
  }
  const { problems, ...counts } = total;
  if (counts.killPoints < 2) return missed(`${counts.killPoints} points`, counts);
  return outcome(problems, `${counts.killPoints} points, each a kill`, counts);
}

/** Some points in one workspace, its orderly end, and what it looks like then. */
async function stretch(
  context: FaultContext,
  sweep: Sweep,
  { from, to, stride }: { from: number; to: number; stride: number },
): Promise<Found & { isOver: boolean }> {
  const line = pipeline(context, { yaml: TWO_STEPS });
  const witness = new Witness(line);
  let [isOver, killPoints] = [false, 0];
  for (let point = from; point < to && !isOver; point += stride) {
    isOver = !(await killedAt(context, line, witness, sweep.calls, point));
    if (!isOver) killPoints += 1;
  }
  const { code, stdout, stderr } = await context.start(line.workspace.root, [
    'run',
    '--json',
    '--iterations',
    '1',
  ]).ended;
  witness.hear(stdout);
  const { problems, counts } = await witness.verdict();
  if (code !== 0) problems.push(`the start after that ended with ${code}: ${stderr.slice(-300)}`);
  const named = problems.map(problem => `points ${from} to ${to - 1}: ${problem}`);
  return { isOver, killPoints, faultsInjected: 0, ...counts, problems: named };
}

/** False where the command was over before it came to that point. */
async function killedAt(
  context: FaultContext,
  { workspace }: Pipeline,
  witness: Witness,
  calls: string,
  point: number,
): Promise<boolean> {
  const { around } = strace(context, { calls, inject: `${calls}:signal=SIGKILL:when=${point}` });
  const { signal, stdout } = await context.start(workspace.root, ['once', '--json'], { around }).ended;
  witness.hear(stdout);
  witness.look();
  return signal === 'SIGKILL';
}
