import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { BisectAnswer } from '../../src/bisecting/answer.ts';
import { processIdentity } from '../../src/process-identity.ts';
import { userState } from '../git/support.ts';
import { addHistory } from '../helpers/history.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { start } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder, temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';
import { call } from './called.ts';

failOnLeaks();

/**
 * Reports what is in the file `cost`, with a noise of 5 % that depends on the number of the run alone (the sum of twelve numbers of a
 * generator, which is nearly normal): so the noise of the machine does not matter.
 */
const STEP = `x=$((WATCHKEEPER_ITERATION * 7919 + 17)); sum=0
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
  x=$(((x * 1103515245 + 12345) % 2147483648))
  sum=$((sum + x / 65536 % 1000))
done
printf '{"metric":"step","value":%d}\\n' "$(($(cat cost) * (100000 + 5 * (sum - 5994)) / 100000))" >> "$WATCHKEEPER_METRICS"
`;

const YAML = `git: { enabled: false }
modules:
  step: { command: sh step.sh, env: { API_TOKEN: hunter2hunter2 } }
`;

interface Planted {
  commits: number;
  /** Which commit is the first with a cost of 20 % more. */
  culprit: number;
  /** Other files of a commit. */
  files?(index: number): Record<string, string>;
  step?: string;
}

/** A workspace whose last commits are these, numbered from 1. */
function planted(t: TestContext, { commits, culprit, files = () => ({}), step = STEP }: Planted): Workspace {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML, 'step.sh': step, cost: '100000' });
  const numbers = Array.from({ length: commits }, (_, index) => index + 1);
  addHistory(
    workspace,
    numbers.map(number => ({
      subject: `step ${number}`,
      files: { cost: number >= culprit ? '120000' : '100000', number: String(number), ...files(number) },
    })),
  );
  return workspace;
}

/** Bisects with a folder for temporary files of its own, which has to be empty again afterwards. */
async function bisect(t: TestContext, { root }: Workspace, ...args: string[]) {
  const before = process.env['TMPDIR'];
  const temporary = temporaryFolder(t);
  process.env['TMPDIR'] = temporary;
  try {
    return await call('bisect', 'step', '--metric', 'step', '--warmup', '0', '--root', root, ...args);
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    assert.deepEqual(readdirSync(temporary), []);
  }
}

test('a planted +20 % among 64 commits is found, and nothing of the user is touched', async t => {
  const workspace = planted(t, { commits: 64, culprit: 41 });
  workspace.write('cost', 'changed, not committed');
  workspace.write('new', 'staged');
  workspace.git('add', 'new');
  const state = (): string =>
    [
      userState(workspace),
      workspace.git('for-each-ref'),
      workspace.git('reflog'),
      workspace.git('worktree', 'list'),
    ].join();
  const before = state();
  const { code, stdout, stderr } = await bisect(t, workspace, '--good', 'HEAD~64', '--json');
  assert.equal(code, 0, stderr);
  const answer = JSON.parse(stdout) as BisectAnswer;
  assert.deepEqual(
    [answer.verdict, answer.candidates, answer.commits.map(({ subject }) => subject)],
    ['found', 64, ['step 41']],
  );
  const { change, runs, probability, steps } = answer;
  assert.ok(change?.percent && change.percent > 14 && change.percent < 26, JSON.stringify(change));
  assert.ok((change.low ?? 0) < 20 && (change.high ?? 0) > 20);
  assert.ok((probability ?? 0) >= 0.99);
  assert.ok(runs.total <= 60 && runs.total === steps.length && runs.failed === 0);
  assert.equal(runs.good + runs.bad + runs.between, runs.total);
  assert.match(stderr, /^step\.step: 64 commit\(s\), at most 200 runs\nrun +1 +[0-9a-f]{10} +(good|bad) /);
  assert.equal(state(), before);
  assert.equal(existsSync(workspace.path('data')), false);
});

test('commits that cannot be run are left out, and the answer says among which it is', async t => {
  const broken = [4, 5, 6];
  const workspace = planted(t, {
    commits: 12,
    culprit: 6,
    files: number => ({ 'step.sh': broken.includes(number) ? 'echo no "$API_TOKEN"; exit 3\n' : STEP }),
  });
  const { code, stdout, stderr } = await bisect(t, workspace, '--good', 'HEAD~12');
  assert.equal(code, 0, stderr);
  assert.match(
    stdout,
    /^step\.step went from (?:9\d|10\d),\d+ to 1[12]\d,\d+: \+\d.* with one of these 4 commits \(99\.\d % sure; those before the last cannot be run\)/,
  );
  assert.match(stdout, / {2}step 4\n.* {2}step 5\n.* {2}step 6\n.* {2}step 7\n/);
  assert.match(stdout, /^left out: [0-9a-f]+, exit code 3$/m);
  assert.doesNotMatch(stdout + stderr, /hunter2/);
});

test('where nothing has changed it says so, with what the difference may be at most', async t => {
  const workspace = planted(t, { commits: 3, culprit: 99 });
  const { code, stdout } = await bisect(
    t,
    workspace,
    '--good',
    'HEAD~3',
    '--threshold',
    '8',
    '--max-runs',
    '40',
  );
  assert.equal(code, 1);
  assert.match(
    stdout,
    /^step\.step is not seen to differ between \w+ and \w+; the difference lies between -\d+\.\d and \+\d+\.\d %\n\n16 runs: 8 of good, 8 of bad, 0 between\nmore runs may tell\n$/,
  );
});

test('each commit is prepared once, and gets what git does not keep', async t => {
  const workspace = planted(t, {
    commits: 6,
    culprit: 3,
    step: `test "$(cat below/input)" = kept && test -f prepared && ${STEP}`,
  });
  mkdirSync(workspace.path('below'));
  workspace.write('below/input', 'kept\n');
  const told = temporaryFolder(t);
  const prepare = `touch prepared; cat number >> ${told}/prepared; echo >> ${told}/prepared`;
  const args = ['--good', 'HEAD~5', '--prepare', prepare, '--link', 'below'];
  const { code, stdout, stderr } = await bisect(t, workspace, ...args);
  assert.equal(code, 0, stderr);
  assert.match(stdout, / {4}step 3\n/);
  const prepared = readFileSync(`${told}/prepared`, 'utf8').trim().split('\n');
  assert.equal(new Set(prepared).size, prepared.length);
  assert.ok(prepared.length >= 4 && stderr.includes('prepare  '));
  assert.equal(readFileSync(workspace.path('below/input'), 'utf8'), 'kept\n');
});

test('a workspace in a folder of a repository is found in each commit; where it is not there yet, that one cannot be run', async t => {
  const outer = temporaryWorkspace(t, { note: '' });
  const cost = (number: number): string => (number >= 4 ? '120000' : '100000');
  const files = { 'ws/watchkeeper.yaml': YAML, 'ws/step.sh': STEP };
  addHistory(
    outer,
    [1, 2, 3, 4, 5].map(number => ({
      subject: `step ${number}`,
      files: { ...files, 'ws/cost': cost(number) },
    })),
  );
  const workspace = { ...outer, root: outer.path('ws') };
  const { code, stdout, stderr } = await bisect(t, workspace, '--good', 'HEAD~4');
  assert.equal(code, 0, stderr);
  assert.match(stdout, / {4}step 4\n/);
  const early = await bisect(t, workspace, '--good', 'HEAD~5');
  assert.equal(early.code, 2);
  assert.match(early.stderr, /step cannot be run at HEAD~5 \(\w+\): ws\/ is not there yet/);
});

test('of a merge the merge is named, with how to look into it', async t => {
  const workspace = planted(t, { commits: 1, culprit: 9 });
  workspace.git('checkout', '--quiet', '-b', 'side');
  workspace.write('cost', '130000');
  workspace.git('commit', '--quiet', '--all', '--message=slower');
  workspace.git('checkout', '--quiet', 'main');
  workspace.git('commit', '--quiet', '--allow-empty', '--message=trunk');
  workspace.git('merge', '--quiet', '--no-ff', '--message=merge of side', 'side');
  const { code, stdout, stderr } = await bisect(t, workspace, '--good', 'HEAD~2');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^ {4}merge of side$/m);
  const [fork, side] = [workspace.git('rev-parse', 'HEAD~2'), workspace.git('rev-parse', 'side')].map(each =>
    each.slice(0, 7),
  );
  assert.ok(
    stdout.includes(
      `it is a merge; to look into it: watchkeeper bisect step --metric step --good ${fork} --bad ${side}`,
    ),
    stdout,
  );
});

test('where good or bad cannot be run it says why, and what may help', async t => {
  const workspace = planted(t, { commits: 2, culprit: 1, step: 'echo "needs node_modules" >&2; exit 4\n' });
  const { code, stderr } = await bisect(t, workspace, '--good', 'HEAD~2');
  assert.equal(code, 2);
  assert.match(
    stderr,
    /step cannot be run at (HEAD|HEAD~2) \(\w+\): exit code 4; a prepare command .* a link .*\n {2}\| needs node_modules\n$/,
  );
  const other = await bisect(
    t,
    planted(t, { commits: 2, culprit: 1 }),
    '--good',
    'HEAD~2',
    '--metric',
    'rows',
  );
  assert.match(other.stderr, /it has no metric rows: it has runtimeSeconds, .*step/);
});

const LONG = 'echo $$ > "$MARK.new"; mv "$MARK.new" "$MARK"; exec sleep 600\n';

async function untilItRuns(t: TestContext, workspace: Workspace, temporary: string) {
  const mark = `${temporaryFolder(t)}/mark`;
  workspace.write('watchkeeper.yaml', YAML.replace('API_TOKEN: hunter2hunter2', `MARK: ${mark}`));
  const args = ['bisect', 'step', '--good', 'HEAD~3'];
  const running = start(t, workspace.root, args, { TMPDIR: temporary });
  await until('it runs', () => existsSync(mark));
  return { ...running, pid: Number(readFileSync(mark, 'utf8')) };
}

test('Ctrl-C ends the run, removes the work trees, and then ends the command', async t => {
  const workspace = planted(t, { commits: 3, culprit: 2, step: LONG });
  const temporary = temporaryFolder(t);
  const running = await untilItRuns(t, workspace, temporary);
  running.process.kill('SIGINT');
  const { signal, stdout } = await running.ended;
  assert.deepEqual([signal, stdout, readdirSync(temporary)], ['SIGINT', '', []]);
  assert.equal(processIdentity(running.pid), null);
  assert.equal(workspace.git('worktree', 'list').trim().split('\n').length, 1);
});

test('what a killed one has left behind is removed by the next', async t => {
  const workspace = planted(t, { commits: 3, culprit: 2, step: LONG });
  const temporary = temporaryFolder(t);
  const running = await untilItRuns(t, workspace, temporary);
  running.process.kill('SIGKILL');
  await running.ended;
  assert.equal(workspace.git('worktree', 'list').trim().split('\n').length, 2);
  await until('the keeper has ended its tree', () => processIdentity(running.pid) === null);
  const next = start(
    t,
    workspace.root,
    ['bisect', 'step', '--good', 'HEAD~3', '--metric', 'rows', '--warmup', '0'],
    { TMPDIR: temporary },
  );
  await until('the next has begun', () => next.stderr().includes('commit(s), at most'));
  next.process.kill('SIGTERM');
  await next.ended;
  assert.deepEqual(readdirSync(temporary), []);
  assert.equal(workspace.git('worktree', 'list').trim().split('\n').length, 1);
});

test('what makes no sense is told before anything is checked out', async t => {
  const workspace = planted(t, { commits: 2, culprit: 1 });
  for (const args of [
    [],
    ['--good', 'nothing'],
    ['--good', 'HEAD'],
    ['--good', 'HEAD~1', '--max-runs', '5'],
    ['--good', 'HEAD~1', '--threshold', '-1'],
    ['--good', 'HEAD~1', '--link', '../x'],
    ['--good', 'HEAD~1', '--warmup', 'x'],
  ]) {
    const { code, stderr } = await bisect(t, workspace, ...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, /^watchkeeper: /);
  }
});
