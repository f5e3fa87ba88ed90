import { type Fault, type FaultContext, missed, type Outcome, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { type Pipeline, pipeline, TWO_STEPS } from '../pipeline.ts';
import { whileAlive } from '../program.ts';
import { strace } from '../strace.ts';

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
    const witness = new Witness(line);
    witness.hear((await context.start(line.workspace.root, ['once', '--json']).ended).stdout);
    const [problems, counts] =
      context.size === 'full'
        ? await everyPoint(context, line, witness)
        : await somePoints(context, line, witness);
    const { code, stdout, stderr } = await context.start(line.workspace.root, ['once', '--json']).ended;
    witness.hear(stdout);
    if (code === 4) problems.push(`in the end it ended with 4: ${stderr.slice(-300)}`);
    const verdict = await witness.verdict();
    if (counts === 0) return missed('no call was failed');
    return outcome([...problems, ...verdict.problems], `${counts} times calls failed`, {
      faultsInjected: counts,
      ...verdict.counts,
    });
  },
};

async function everyPoint(
  context: FaultContext,
  line: Pipeline,
  witness: Witness,
): Promise<[string[], number]> {
  const problems: string[] = [];
  let struck = 0;
  for (const call of CALLS) {
    for (const forGood of [false, true]) {
      for (let nth = 1; ; nth += 1) {
        const found = await failedAt(context, line, witness, { call, nth, forGood });
        if (found === null) break;
        struck += 1;
        problems.push(...found);
      }
      context.progress(
        `${call}${forGood ? ' for good' : ''}: ${struck} points by now, ${problems.length} problems`,
      );
    }
  }
  return [problems, struck];
}

async function somePoints(
  context: FaultContext,
  line: Pipeline,
  witness: Witness,
): Promise<[string[], number]> {
  const problems: string[] = [];
  let struck = 0;
  for (const [call, most] of [
    ['fsync', 12],
    ['rename', 4],
    ['pwrite64', 20],
  ] as const) {
    const point = { call, nth: 1 + Math.floor(context.random() * most), forGood: context.random() < 0.5 };
    const found = await failedAt(context, line, witness, point);
    if (found !== null) struck += 1;
    problems.push(...(found ?? []));
  }
  return [problems, struck];
}

/** What went wrong; null where the command was over before it came to that call. */
async function failedAt(
  context: FaultContext,
  { workspace }: Pipeline,
  witness: Witness,
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
  const iterations = (): number => supervisor.stdout().match(/"type":"iteration"/g)?.length ?? 0;
  const before = iterations();
  await whileAlive(supervisor, 'iterations end again', () => iterations() >= before + 3, 120_000);
  const { code, stdout, stderr } = await supervisor.stop();
  witness.hear(stdout);
  const { problems, counts } = await witness.verdict();
  if (code !== 0) problems.push(`it ended with ${code}: ${stderr.slice(-300)}`);
  if (!/could not be|cannot be/.test(stderr)) problems.push('it has not said that anything failed');
  return outcome(problems, `${call} failed ${expected} times`, { faultsInjected: expected, ...counts });
}
