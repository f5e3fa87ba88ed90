import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { VERSION } from '../../src/version.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { nodePrograms } from '../helpers/nodes.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder, temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';

failOnLeaks();

const COMMAND = fileURLToPath(new URL('../../src/cli/watchkeeper.mjs', import.meta.url));

const SLEEPING = "sh -c 'echo $$ > pid; exec sleep 600'";
/** Takes so long to end that a signal that arrives twice does so before that. */
const SLOW_TO_END =
  'sh -c \'trap "sleep 0.3; trap - TERM; kill $$" TERM; echo $$ > pid; while :; do sleep 0.1; done\'';
const STUBBORN = "sh -c 'trap : TERM; echo $$ > pid; while :; do sleep 0.1; done'";

/** In a process group of its own, as a shell starts it. */
function watchkeeper(
  t: TestContext,
  node: string,
  args: string[],
): { process: ChildProcess; said(): string } {
  const child = spawn(node, [COMMAND, ...args], {
    env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => {
      said += text;
    });
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    killGroup(child, 'SIGKILL');
    await once(child, 'close');
  });
  return { process: child, said: () => said };
}

/** A signal to the command and all that it stands before, as a terminal and a service manager send it. */
function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid !== undefined) process.kill(-pid, signal);
}

const outcomesOf = (workspace: Workspace): string[] =>
  JSON.parse(readFileSync(workspace.path('data/performance.json'), 'utf8')).modules.long.runs.map(
    ({ outcome }: { outcome: string }) => outcome,
  );

/** A workspace whose module runs, and the process of it. */
async function runningIn(
  t: TestContext,
  node: string,
  command: string,
): Promise<{ workspace: Workspace; pid: string } & ReturnType<typeof watchkeeper>> {
  const workspace = temporaryWorkspace(t, {
    'watchkeeper.yaml': `modules:\n  long: { command: ${JSON.stringify(command)}, killGrace: 10m }\n`,
  });
  const started = watchkeeper(t, node, ['run', '--root', workspace.root]);
  const pid = await until(
    'the module runs',
    () => (existsSync(workspace.path('pid')) && readFileSync(workspace.path('pid'), 'utf8').trim()) || null,
  );
  return { workspace, pid, ...started };
}

for (const { path, version } of nodePrograms()) {
  test(`the command works when it is started by Node ${version}, with the same exit codes`, async t => {
    const told = watchkeeper(t, path, ['--version']);
    assert.deepEqual([await once(told.process, 'close'), told.said()], [[0, null], `${VERSION}\n`]);
    const empty = watchkeeper(t, path, ['status', '--root', temporaryFolder(t)]);
    assert.deepEqual(await once(empty.process, 'close'), [4, null]);
  });

  test(`SIGTERM is an orderly end when it is started by Node ${version}`, async t => {
    const running = await runningIn(t, path, SLEEPING);
    running.process.kill('SIGTERM');
    assert.deepEqual(await once(running.process, 'close'), [0, null]);
    assert.match(running.said(), /SIGTERM: ending what is running/);
    assert.equal(existsSync(`/proc/${running.pid}`), false);
    assert.deepEqual(outcomesOf(running.workspace), ['killed']);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`${signal} to the whole group counts once when it is started by Node ${version}`, async t => {
      const running = await runningIn(t, path, SLOW_TO_END);
      killGroup(running.process, signal);
      assert.deepEqual(await once(running.process, 'close'), [0, null], running.said());
      assert.deepEqual(outcomesOf(running.workspace), ['killed']);
    });
  }

  test(`a second SIGTERM ends it at once when it is started by Node ${version}`, async t => {
    const running = await runningIn(t, path, STUBBORN);
    running.process.kill('SIGTERM');
    await until('it says that it ends', () => running.said().includes('SIGTERM: ending'));
    running.process.kill('SIGTERM');
    assert.deepEqual(await once(running.process, 'close'), [1, null]);
    await until('the module is gone with it', () => !existsSync(`/proc/${running.pid}`));
  });
}
