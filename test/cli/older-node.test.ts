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
import { temporaryFolder, temporaryWorkspace } from '../helpers/workspace.ts';

failOnLeaks();

const COMMAND = fileURLToPath(new URL('../../src/cli/watchkeeper.mjs', import.meta.url));

function watchkeeper(
  t: TestContext,
  node: string,
  args: string[],
): { process: ChildProcess; said(): string } {
  const child = spawn(node, [COMMAND, ...args], {
    env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => {
      said += text;
    });
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  });
  return { process: child, said: () => said };
}

for (const { path, version } of nodePrograms()) {
  test(`the command works when it is started by Node ${version}, with the same exit codes`, async t => {
    const told = watchkeeper(t, path, ['--version']);
    assert.deepEqual([await once(told.process, 'close'), told.said()], [[0, null], `${VERSION}\n`]);
    const empty = watchkeeper(t, path, ['status', '--root', temporaryFolder(t)]);
    assert.deepEqual(await once(empty.process, 'close'), [4, null]);
  });

  test(`SIGTERM is an orderly end when it is started by Node ${version}`, async t => {
    const workspace = temporaryWorkspace(t, {
      'watchkeeper.yaml': 'modules:\n  long: { command: "sh -c \'echo $$ > pid; exec sleep 600\'" }\n',
    });
    const { process: child, said } = watchkeeper(t, path, ['run', '--root', workspace.root]);
    const pid = await until(
      'the module runs',
      () => (existsSync(workspace.path('pid')) && readFileSync(workspace.path('pid'), 'utf8').trim()) || null,
    );
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'close'), [0, null]);
    assert.match(said(), /SIGTERM: ending what is running/);
    assert.equal(existsSync(`/proc/${pid}`), false);
    assert.equal(JSON.parse(readFileSync(workspace.path('data/status.json'), 'utf8')).iterations, 1);
  });
}
