import { TWO_STEPS } from '../../helpers/steps.ts';
import { type Fault, type FaultContext, type Outcome, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { pipeline } from '../pipeline.ts';
import { whileAlive } from '../program.ts';
import { strace } from '../strace.ts';
import { countIterations } from '../told.ts';
import type { Trial } from '../trial.ts';
import { type Met, manyStarts } from './many-starts.ts';

/** The calls with which the main thread changes the disk. */
const CALLS = ['fsync', 'fdatasync', 'rename', 'pwrite64', 'ftruncate', 'unlink', 'fchmod', 'mkdir'];

const ERRORS = ['EIO', 'ENOSPC', 'EROFS'];

interface Point {
  call: string;
  nth: number;
  /** All from then on fail; else this one alone. */
  forGood: boolean;
}

export const failingCalls: Fault = {
  id: 'crash/failing-calls',
  group: 'crash',
  weight: 'high',
  fault: `each ${CALLS.join(', ')} of an iteration fails in its turn (${ERRORS.join(', ')}), alone and with all after it`,
  promise:
    'it never crashes, no file is half-written, nothing that was shown is lost, and the next start is a good one',
  quick: true,
  needs: ['linux', 'strace'],
  limitSeconds: { quick: 90, full: 2_400 },
  async inject(context) {
    const line = pipeline(context, { yaml: TWO_STEPS });
    const options = { least: 1, happened: (struck: number) => `${struck} times calls failed` };
    return manyStarts(context, line, options, trial => failAgainAndAgain(context, trial));
  },
};

/** Lets a start meet one; false where the start was over before it came to that call. */
type Strike = (point: Point) => Promise<boolean>;

async function failAgainAndAgain(context: FaultContext, trial: Trial): Promise<Met> {
  const met: Met = { struck: 0, problems: [] };
  const strike = async (point: Point): Promise<boolean> => {
    const found = await failedAt(context, trial, point);
    if (found === null) return false;
    met.struck += 1;
    met.problems.push(...found);
    return true;
  };
  await (context.size === 'full' ? everyPoint : somePoints)(context, strike);
  return met;
}

async function everyPoint(context: FaultContext, strike: Strike): Promise<void> {
  for (const call of CALLS) {
    for (const forGood of [false, true]) {
      let nth = 1;
      while (await strike({ call, nth, forGood })) nth += 1;
      context.progress(`${call}${forGood ? ' for good' : ''}: ${nth - 1} points`);
    }
  }
}

const SOME = { fsync: 12, rename: 4, pwrite64: 20 };

async function somePoints({ random }: FaultContext, strike: Strike): Promise<void> {
  for (const [call, most] of Object.entries(SOME))
    await strike({ call, nth: 1 + Math.floor(random() * most), forGood: random() < 0.5 });
}

/** What went wrong; null where the command was over before it came to that call. */
async function failedAt(
  context: FaultContext,
  { workspace, witness }: Trial,
  { call, nth, forGood }: Point,
): Promise<string[] | null> {
  const error = ERRORS[nth % ERRORS.length] ?? 'EIO';
  const inject = `${call}:error=${error}:when=${nth}${forGood ? '+' : ''}`;
  const traced = strace(context, { calls: call, inject });
  const once = context.start(workspace.root, ['once', '--json'], { around: traced.around });
  // It keeps a run that happened until it can be recorded; where that will never be, it is asked to end.
  let isAsked = false;
  const looking = setInterval(() => {
    if (isAsked || !forGood || !/kept until it can/.test(once.stderr())) return;
    isAsked = once.process.kill('SIGTERM');
  }, 50);
  const { code, signal, stdout, stderr } = await once.ended.finally(() => clearInterval(looking));
  witness.hear(stdout);
  witness.look();
  if (traced.injected() === 0) return null;
  const isOrderly = signal === null && [0, 1, 4].includes(code ?? -1) && !/^ {4}at /m.test(stderr);
  return isOrderly ? [] : [`${inject}: it ended with ${signal ?? code}: ${stderr.slice(-400)}`];
}

/** Calls of a running supervisor that fail: after its start and some iterations, for some iterations. */
const BURSTS = [
  'fsync:error=EIO:when=40..52',
  'rename:error=EIO:when=20..32',
  'pwrite64:error=ENOSPC:when=150..158',
];

export const failingForAWhile: Fault = {
  id: 'crash/failing-for-a-while',
  group: 'crash',
  weight: 'high',
  fault: 'under a running supervisor fsync, rename or the writes of the store fail for some iterations',
  promise: 'it stays up, says so, and goes on by itself when the disk does, with nothing lost',
  quick: false,
  needs: ['linux', 'strace'],
  limitSeconds: { quick: 300, full: 900 },
  async inject(context) {
    const found: Outcome[] = [];
    for (const inject of context.size === 'full' ? BURSTS : BURSTS.slice(0, 1)) {
      context.progress(inject);
      found.push(await burst(context, inject));
    }
    const sum = (name: 'faultsInjected' | 'runsAcknowledged' | 'runsLost'): number =>
      found.reduce((total, { counts }) => total + (counts[name] ?? 0), 0);
    return {
      kept: found.every(({ kept }) => kept),
      happened: found.map(({ happened }) => happened).join('; '),
      counts: {
        faultsInjected: sum('faultsInjected'),
        runsAcknowledged: sum('runsAcknowledged'),
        runsLost: sum('runsLost'),
      },
    };
  },
};

async function burst(context: FaultContext, inject: string): Promise<Outcome> {
  const line = pipeline(context);
  const witness = new Witness(line);
  const [call = '', first = 0, last = 0] = /^(\w+):.*=(\d+)\.\.(\d+)$/.exec(inject)?.slice(1) ?? [];
  const traced = strace(context, { calls: call, inject });
  const supervisor = context.start(line.workspace.root, undefined, { around: traced.around });
  const expected = Number(last) - Number(first) + 1;
  await whileAlive(supervisor, `${expected} calls have failed`, () => traced.injected() >= expected, 240_000);
  const iterations = (): number => countIterations(supervisor);
  const before = iterations();
  await whileAlive(supervisor, 'iterations end again', () => iterations() >= before + 3, 120_000);
  const { code, stdout, stderr } = await supervisor.stop();
  witness.hear(stdout);
  const { problems, counts } = await witness.verdict();
  if (code !== 0) problems.push(`it ended with ${code}: ${stderr.slice(-300)}`);
  if (!/could not be|cannot be/.test(stderr)) problems.push('it has not said that anything failed');
  return outcome(problems, `${call} failed ${expected} times`, { faultsInjected: expected, ...counts });
}
