import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { CLOCK } from '../../src/clock.ts';
import { processIdentity } from '../../src/process-identity.ts';
import { holdWorkspace } from '../../src/store/lock.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { type Command, start } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import { temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';
import { assertValid } from '../store/schemas.ts';
import { type Called, call } from './called.ts';

failOnLeaks();

const FEED = 'git: { enabled: false }\nservices:\n  feed: { command: sleep 600 }\n';
const LONG = `${FEED}modules:
  long: { command: "sh -c 'touch begun; exec sleep 600'" }
  quick: { command: "true" }
`;

async function running(t: TestContext, yaml: string): Promise<{ workspace: Workspace; supervisor: Command }> {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': yaml });
  const supervisor = start(t, workspace.root, ['run', '--json']);
  await until('it is ready', () => supervisor.stderr().includes('watching'));
  return { workspace, supervisor };
}

const status = ({ root }: Workspace, ...options: string[]): Promise<Called> =>
  call('status', '--root', root, ...options);

function factsOf({ code, stdout }: Called) {
  assert.equal(code, 0);
  const { running: isRunning, ...facts } = JSON.parse(stdout);
  assertValid('status', facts);
  return { isRunning, ...facts };
}

test('a workspace that has only services has a status: they, who supervises them, and that nothing has run', async t => {
  const { workspace, supervisor } = await running(t, FEED);
  const { code, stdout, stderr } = await status(workspace);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^No run yet\n/);
  assert.match(stdout, new RegExp(`supervisor \\S+ runs as pid ${supervisor.process.pid} for `));
  assert.match(stdout, /^feed \(service\): running, pid \d+$/m);
  const facts = factsOf(await status(workspace, '--json'));
  assert.deepEqual([facts.isRunning, facts.iterations, facts.lastRun], [true, 0, null]);
  assert.equal(facts.supervisor.pid, supervisor.process.pid);
  assert.deepEqual(
    JSON.parse(readFileSync(workspace.path('data/status.json'), 'utf8')).services,
    facts.services,
  );
  assert.equal((await supervisor.stop()).code, 0);
  const after = await status(workspace);
  assert.equal(after.code, 0);
  assert.match(after.stdout, /^No run yet\n.*no supervisor is running$/m);
});

test('until a supervisor has started its services, the states that a killed one has left are not shown as theirs', async t => {
  const { workspace, supervisor } = await running(t, FEED);
  const left = (): { status: string; pid: number } =>
    JSON.parse(readFileSync(workspace.path('data/status.json'), 'utf8')).services.feed;
  await until('its service runs', () => left().status === 'running');
  supervisor.process.kill('SIGKILL');
  await supervisor.ended;
  await until('its service is gone', () => !existsSync(`/proc/${left().pid}`));
  const hold = await holdWorkspace(workspace.path('data'), {
    ...{ clock: CLOCK, identify: processIdentity, version: '0.1.0' },
    onLost: error => assert.fail(error),
  });
  try {
    const { code, stdout } = await status(workspace);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`supervisor \\S+ runs as pid ${process.pid} for `));
    assert.doesNotMatch(stdout, /feed/);
    assert.deepEqual(factsOf(await status(workspace, '--json')).services, {});
  } finally {
    hold.release();
  }
});

test('while the first iteration goes on the status has what has ended in it', async t => {
  const { workspace, supervisor } = await running(t, LONG);
  await until('it runs', () => existsSync(workspace.path('begun')));
  await until('a module has ended', () => supervisor.stdout().includes('"quick"'));
  const { code, stdout } = await status(workspace);
  assert.equal(code, 0);
  assert.match(stdout, /^No iteration has ended yet {2}iteration 1 is running\n/);
  assert.match(stdout, /^quick +ok, /m);
  assert.match(stdout, /^feed \(service\): /m);
  const facts = factsOf(await status(workspace, '--json'));
  assert.deepEqual([facts.lastRun.module, facts.performance.modulesTracked], ['quick', 1]);
  await supervisor.stop();
});

test('the supervisor that is named is the one that runs now, and a status.json that was removed is not missed', async t => {
  const { workspace, supervisor } = await running(t, LONG);
  await until('it runs', () => existsSync(workspace.path('begun')));
  await until('the other module has ended', () => supervisor.stdout().includes('"quick"'));
  await supervisor.stop();
  rmSync(workspace.path('begun'));
  const second = start(t, workspace.root, ['run']);
  await until('it runs again', () => existsSync(workspace.path('begun')));
  const named = new RegExp(
    `^Module failed: long \\(killed\\)[^]*supervisor \\S+ runs as pid ${second.process.pid} for `,
  );
  assert.match((await status(workspace)).stdout, named);
  rmSync(workspace.path('data/status.json'));
  assert.match((await status(workspace)).stdout, named);
  assert.equal(factsOf(await status(workspace, '--json')).message, 'Module failed: long (killed)');
  await second.stop();
});
