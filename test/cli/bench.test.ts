import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { processIdentity } from '../../src/process-identity.ts';
import type { BenchAnswer } from '../../src/questions/bench.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { command, iterations, start } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder, temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';
import { call } from './called.ts';

failOnLeaks();

/** Each run notes what it was given, and reports how many there have been: 1, 2, 3 ... */
const COUNT = `echo "$WATCHKEEPER_MODULE $WATCHKEEPER_DATA_DIR $PWD \${WATCHKEEPER_SOCKET-none}" >> given
n=$(wc -l < given)
printf '{"metric":"score","value":%d}\\n{"metric":"stepSeconds","value":%d.%d}\\n' "$n" "\${SLOWNESS-1}" "$((n * 7 % 10))" >> "$WATCHKEEPER_METRICS"
`;

const YAML = `git: { enabled: false }
modules:
  count: { command: sh ../count.sh, cwd: below }
  broken: { command: [sh, -c, "echo it is $API_TOKEN; exit 3"], env: { API_TOKEN: hunter2hunter2 } }
  long: { command: "sh -c 'echo $$ > pid; exec sleep 600'" }
`;

function workspace(t: TestContext): Workspace {
  return temporaryWorkspace(t, { 'watchkeeper.yaml': YAML, 'count.sh': COUNT, 'below/note': '' });
}

const bench = ({ root }: Workspace, ...args: string[]) => call('bench', '--root', root, ...args);

const linesOf = (file: string): string[] => readFileSync(file, 'utf8').trim().split('\n');

test('a module is run so many times as the supervisor would run it, and nothing of it is history', async t => {
  const made = workspace(t);
  const { code, stdout } = await bench(made, 'count', '--runs', '9', '--warmup', '2', '--json');
  assert.equal(code, 0);
  const answer = JSON.parse(stdout) as BenchAnswer & { kept: string | null };
  const score = answer.metrics.find(({ metric }) => metric === 'score');
  assert.deepEqual(score?.values, [3, 4, 5, 6, 7, 8, 9, 10, 11]);
  assert.ok(answer.metrics.some(({ metric, n }) => metric === 'runtimeSeconds' && n === 9));
  assert.match(answer.revision ?? '', /^[0-9a-f]{7,}$/);
  assert.deepEqual([answer.runs, answer.warmup, answer.failed, answer.kept], [9, 2, [], null]);
  const given = `count ${made.path('data')} ${made.path('below')} none`;
  assert.deepEqual(linesOf(made.path('below/given')), Array(11).fill(given));
  assert.deepEqual(readdirSync(made.path('data')), ['.gitignore']);
  assert.deepEqual(readdirSync(made.path('logs')), ['.gitignore']);
});

test('a suite shows the last result beside the new one, and a metric that is worse fails where it is asked to', async t => {
  const made = workspace(t);
  const args = ['count', '--runs', '10', '--warmup', '0', '--suite', 'nightly'];
  const first = await bench(made, ...args);
  assert.equal(first.code, 0);
  assert.match(first.stdout, /^count: 10 run\(s\) after 0 to warm up, revision [0-9a-f]+\n\nmetric +mean/);
  assert.match(first.stdout, /kept in .*data\/bench\/nightly\.json\n$/);
  assert.doesNotMatch(first.stdout, /against/);
  made.write('watchkeeper.yaml', YAML.replace('cwd: below', 'cwd: below, env: { SLOWNESS: "3" }'));
  const slow = await bench(made, ...args, '--fail-on-regression');
  assert.match(slow.stdout, /^stepSeconds +WORSE +\+\d/m);
  assert.match(slow.stdout, /metric\(s\) are worse/);
  assert.equal(slow.code, 1);
});

test('where a run fails it says why, gives up after three in a row, keeps nothing, and ends with 1', async t => {
  const made = workspace(t);
  const { code, stdout, stderr } = await bench(made, 'broken', '--suite', 'nightly');
  assert.equal(code, 1);
  assert.match(stderr, /broken: warm-up 1 of 1 failed: exit code 3\n {2}\| it is \*\*\*\n/);
  assert.match(stderr, /given up/);
  assert.doesNotMatch(stdout + stderr, /hunter2/);
  assert.match(stdout, /2 failed/);
  assert.deepEqual(readdirSync(made.path('data/bench')), []);
});

test('what was measured is shown, too, where it cannot be kept any more', async t => {
  const made = temporaryWorkspace(t, {
    'watchkeeper.yaml': `git: { enabled: false }
modules:
  away: { command: [sh, -c, "mv data gone && touch data"] }
`,
  });
  const { code, stdout, stderr } = await bench(made, 'away', '--runs', '1', '--warmup', '0', '--suite', 's');
  assert.match(stdout, /^runtimeSeconds /m);
  assert.match(stderr, /warning: the result is not kept: .*data.* must be a folder: move it away/);
  assert.equal(code, 4);
});

test('it works beside a running supervisor, whose history and runs stay its own', async t => {
  const made = workspace(t);
  made.write(
    'watchkeeper.yaml',
    'git: { enabled: false }\nmodules:\n  count: { command: sh count.sh, schedule: "@yearly" }\n',
  );
  const supervisor = start(t, made.root, ['run']);
  await iterations(supervisor, 1);
  const { code, stdout } = await bench(made, 'count', '--runs', '3', '--json');
  assert.equal(code, 0, stdout);
  await supervisor.stop();
  const { modules } = JSON.parse(readFileSync(made.path('data/performance.json'), 'utf8'));
  assert.equal(modules.count.runs.length, 1);
  assert.equal(linesOf(made.path('given')).filter(line => line.endsWith('none')).length, 4);
});

test('Ctrl-C ends what is running, and then the command by that signal', async t => {
  const made = workspace(t);
  const temporary = temporaryFolder(t);
  const running = start(t, made.root, ['bench', 'long', '--suite', 's'], { TMPDIR: temporary });
  const pid = Number(
    await until(
      'it runs',
      () => existsSync(made.path('pid')) && readFileSync(made.path('pid'), 'utf8').trim(),
    ),
  );
  running.process.kill('SIGINT');
  const { code, signal, stdout, stderr } = await running.ended;
  assert.deepEqual([code, signal, stdout], [null, 'SIGINT', '']);
  assert.match(stderr, /warning: the result is not kept, because it was ended before all runs/);
  assert.equal(processIdentity(pid), null);
  assert.deepEqual(readdirSync(temporary), []);
});

test('what a killed one has left is swept by the next', async t => {
  const made = workspace(t);
  const temporary = temporaryFolder(t);
  const running = start(t, made.root, ['bench', 'long'], { TMPDIR: temporary });
  const pid = Number(
    await until(
      'it runs',
      () => existsSync(made.path('pid')) && readFileSync(made.path('pid'), 'utf8').trim(),
    ),
  );
  running.process.kill('SIGKILL');
  await running.ended;
  await until('the keeper has ended its tree', () => processIdentity(pid) === null);
  assert.equal(readdirSync(temporary).length, 1);
  await command(t, made.root, ['bench', 'broken'], { TMPDIR: temporary });
  assert.deepEqual(readdirSync(temporary), []);
});

test('what makes no sense is told before anything runs', async t => {
  const made = workspace(t);
  for (const args of [
    ['nobody'],
    ['count', '--runs', '0'],
    ['count', '--runs', '1e9'],
    ['count', '--warmup', '-1'],
    ['count', '--suite', '../x'],
  ]) {
    const { code, stderr } = await bench(made, ...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, /watchkeeper: /);
  }
  assert.equal(existsSync(made.path('below/given')), false);
});
