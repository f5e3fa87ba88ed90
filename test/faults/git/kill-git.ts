import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Fault, type FaultContext, missed, type Outcome, outcome } from '../fault.ts';
import { once, type Trial } from '../trial.ts';
import { program } from './canary.ts';
import { quiet } from './running.ts';
import { byHand, userProblem } from './users-git.ts';

/** All that can be done with a file under a path or a descriptor. */
const CALLS =
  'openat,write,close,rename,renameat,renameat2,unlink,unlinkat,link,linkat,fsync,chmod,fchmod,lstat,stat,newfstatat';

/** Every call, or some that differ with the seed. */
const STRIDE = { quick: 3, full: 1 };

export const killGit: Fault = {
  id: 'git/kill-git-at-every-step',
  group: 'git',
  weight: 'high',
  fault:
    'the git process that moves the branch is killed (SIGKILL) at its 1st call that has to do with a lock, then at its 2nd, and so on; alone, as where memory runs out',
  promise: 'when the iteration is over, the git of the user works and no lock has to be removed by hand',
  quick: false,
  needs: ['linux', 'strace'],
  limitSeconds: { quick: 180, full: 900 },
  inject: context => sweep(context, 'alone'),
};

export const killGitAndAll: Fault = {
  ...killGit,
  id: 'git/kill-git-and-all-at-every-step',
  fault: `${killGit.fault.replace(/; alone.*/, '')}; the supervisor is killed together with it`,
  promise: 'after the next start the git of the user works, and no lock has to be removed by hand',
  inject: context => sweep(context, 'all'),
};

type Who = 'alone' | 'all';

async function sweep(context: FaultContext, who: Who): Promise<Outcome> {
  const tried = quiet(context);
  await once(context, tried);
  const stride = STRIDE[context.size];
  const first = Math.floor(context.random() * stride);
  const all = pointsOf((await moved(context, tried, who, null)).log);
  const points = all.filter((_, at) => at % stride === first);
  const problems: string[] = [];
  let kills = 0;
  for (const point of points) {
    const { wasKilled } = await moved(context, tried, who, point);
    if (!wasKilled) return missed(`it came to no ${point.line}`);
    kills += 1;
    if (who === 'all') await once(context, tried);
    const problem = userProblem(tried.workspace, kills);
    if (problem !== null) problems.push(`${point.line}: ${problem} ${byHand(tried.workspace)}`);
    context.progress(`${point.line}: ${problem ?? 'kept'}`);
  }
  if (kills < 3) return missed(`${kills} calls`);
  const { code } = await once(context, tried);
  const verdict = await tried.witness.verdict();
  if (code !== 0) verdict.problems.push(`the last start ended with ${code}`);
  const counts = { killPoints: kills, ...verdict.counts };
  return outcome([...problems, ...verdict.problems], `${kills} calls, each a kill`, counts);
}

/** One system call of the git process: the how manieth of its kind, and how it looks. */
interface Point {
  call: string;
  when: number;
  line: string;
}

function pointsOf(log: string): Point[] {
  const counts = new Map<string, number>();
  return log.split('\n').flatMap(text => {
    const [, call, rest = ''] = /^(\w+)\((.*)$/.exec(text) ?? [];
    if (call === undefined) return [];
    const when = (counts.get(call) ?? 0) + 1;
    counts.set(call, when);
    return [{ call, when, line: `${call} ${when} (${rest.split('/').slice(-2).join('/').slice(0, 40)})` }];
  });
}

/** An iteration whose git is killed when it moves the branch: before that call is carried out. */
async function moved(
  context: FaultContext,
  { workspace, witness }: Trial,
  who: Who,
  point: Point | null,
): Promise<{ wasKilled: boolean; log: string }> {
  const folder = mkdtempSync(join(context.folder, 'git-'));
  const [log, ended, armed] = [join(folder, 'log'), join(folder, 'ended'), join(folder, 'armed')];
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const locks = ['HEAD.lock', 'refs/heads/main.lock'].map(name => `-P '${workspace.path('.git', name)}'`);
  const inject = point === null ? '' : `-e inject=${point.call}:signal=SIGKILL:when=${point.when}`;
  program(
    join(folder, 'git'),
    `for word in "$@"; do
  if [ "$word" = update-ref ] && rm '${armed}' 2> /dev/null; then
    strace -o '${log}' -e trace=${CALLS} ${locks.join(' ')} ${inject} -- '${git}' "$@"
    code=$?
    echo $code > '${ended}'
    test ${who} = alone || test $code -lt 128 || kill -KILL $PPID
    exit $code
  fi
done
exec '${git}' "$@"`,
  );
  writeFileSync(armed, '');
  const env = { PATH: `${folder}${delimiter}${process.env['PATH']}` };
  const { signal, stdout } = await context.start(workspace.root, ['once', '--json'], { env }).ended;
  witness.hear(stdout);
  if (!existsSync(ended)) throw new Error('git was not asked to move the branch');
  const wasKilled = Number(readFileSync(ended, 'utf8')) >= 128;
  if (wasKilled && who === 'all' && signal !== 'SIGKILL') throw new Error(`it ended with ${signal}`);
  return { wasKilled, log: readFileSync(log, 'latin1') };
}
